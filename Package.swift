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

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "posd",
  products: [
    .executable(name: "posd", targets: ["posd"]),
    .executable(name: "posterm", targets: ["posterm"]),
    .executable(name: "posctl", targets: ["posctl"]),
    .library(name: "WireFormat", targets: ["TransactionModel", "WireFormat"]),
    .library(name: "TerminalClient", targets: ["TransactionModel", "WireFormat", "TerminalClient"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
  ],
  targets: [
    // MARK: Pure values and rules, which import nothing that can do I/O
    .target(name: "TransactionModel", swiftSettings: swiftSettings),
    .target(name: "WireFormat", dependencies: ["TransactionModel"], swiftSettings: swiftSettings),

    // MARK: The other end of the wire
    .target(
      name: "TerminalClient",
      dependencies: ["TransactionModel", "WireFormat", "TLS", "Cryptography", "LinuxSystem"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TerminalClientTests",
      dependencies: ["LinuxSystem", "TLS", "TerminalClient", "TransactionModel", "WireFormat"],
      swiftSettings: swiftSettings),

    // MARK: Programs
    .target(
      name: "Installation",
      dependencies: [
        "TransactionModel", "WireFormat", "TLS", "LinuxSystem", "TerminalClient",
        .product(name: "Configuration", package: "swift-configuration"),
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InstallationTests",
      dependencies: ["Installation", "LinuxSystem", "TLS", "TerminalClient", "TransactionModel"],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posd",
      dependencies: [
        "Installation", "LinuxSystem", "TerminalClient", "TransactionModel", "WireFormat",
        argumentParser,
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posterm",
      dependencies: [
        "Installation", "LinuxSystem", "TerminalClient", "TransactionModel", "WireFormat",
        argumentParser,
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posctl", dependencies: ["Installation", "LinuxSystem", argumentParser],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
