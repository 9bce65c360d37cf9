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
    .library(name: "WireFormat", targets: ["TransactionModel", "WireFormat"])
  ],
  targets: [
    // MARK: Pure values and rules, which import nothing that can do I/O
    .target(name: "TransactionModel", swiftSettings: swiftSettings),
    .target(name: "WireFormat", dependencies: ["TransactionModel"], swiftSettings: swiftSettings),

    // MARK: Tests
    .testTarget(
      name: "TransactionModelTests", dependencies: ["TransactionModel"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "WireFormatTests", dependencies: ["TransactionModel", "WireFormat"],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
