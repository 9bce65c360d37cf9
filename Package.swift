// swift-tools-version: 6.3
import PackageDescription

/// Every Swift target is compiled the same way: Swift 6 mode, strict memory safety, no warnings.
///
/// `Lifetimes` lets a function return a value that must not outlive its source, such as a view of
/// a receive buffer. It is the one experimental feature; swift-nio, swift-system and
/// swift-collections enable it in their releases too.
let swiftSettings: [SwiftSetting] = [
  .strictMemorySafety(),
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

let package = Package(
  name: "posd",
  products: [
    .library(name: "WireFormat", targets: ["TransactionModel", "WireFormat"]),
  ],
  targets: [
    // MARK: C, the ground floor
    .target(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),

    // MARK: Pure values and rules, which import nothing that can do I/O
    .target(name: "TransactionModel", swiftSettings: swiftSettings),
    .target(name: "WireFormat", dependencies: ["TransactionModel"], swiftSettings: swiftSettings),
    .target(
      name: "EligibilityPolicy", dependencies: ["TransactionModel"], swiftSettings: swiftSettings),
    .target(
      name: "EligibilityIndex", dependencies: ["TransactionModel"], swiftSettings: swiftSettings),
    .target(name: "Observability", swiftSettings: swiftSettings),

    // MARK: The operating system, TLS and cryptography, and the log
    .target(name: "LinuxSystem", dependencies: ["CLinux"], swiftSettings: swiftSettings),
    .target(name: "TLS", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
    .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
    .target(
      name: "WriteAheadLog",
      dependencies: ["Cryptography", "LinuxSystem", "Observability", "TransactionModel"],
      swiftSettings: swiftSettings),

    // MARK: The two rooms every swipe passes through, and the other end of the line
    .target(
      name: "TransactionEngine",
      dependencies: [
        "Cryptography", "EligibilityIndex", "EligibilityPolicy", "TransactionModel", "WireFormat",
        "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),

    // MARK: Tests
    .target(
      name: "Support",
      dependencies: [
        "EligibilityPolicy", "TransactionEngine", "TransactionModel", "WireFormat",
        "WriteAheadLog",
      ],
      path: "Tests/Support/Cases", swiftSettings: swiftSettings),
    .testTarget(
      name: "EligibilityIndexTests", dependencies: ["EligibilityIndex", "TransactionModel"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TransactionEngineTests",
      dependencies: [
        "Cryptography", "EligibilityIndex", "EligibilityPolicy", "Support", "TransactionEngine",
        "TransactionModel", "WireFormat", "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TransactionModelTests",
      dependencies: ["TransactionModel"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "WireFormatTests",
      dependencies: ["TransactionModel", "WireFormat"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
