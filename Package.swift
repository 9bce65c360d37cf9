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
    .library(name: "WireFormat", targets: ["TransactionModel", "WireFormat"]),
    .library(
      name: "TerminalClient", targets: ["TransactionModel", "WireFormat", "TerminalClient"]),
    .executable(name: "posd", targets: ["posd"]),
    .executable(name: "posterm", targets: ["posterm"]),
    .executable(name: "posctl", targets: ["posctl"]),
    .executable(name: "posload", targets: ["posload"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
  ],
  targets: [
    // MARK: C, the ground floor
    .target(name: "CLinux"),
    .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),

    // MARK: Pure values and rules, which import nothing that can do I/O
    .target(name: "TransactionModel", swiftSettings: swiftSettings),
    .target(name: "WireFormat", dependencies: ["TransactionModel"], swiftSettings: swiftSettings),
    .target(
      name: "EligibilityPolicy", dependencies: ["TransactionModel"], swiftSettings: swiftSettings),
    .target(
      name: "EligibilityIndex", dependencies: ["CLinux", "TransactionModel"],
      swiftSettings: swiftSettings),
    .target(name: "Observability", swiftSettings: swiftSettings),

    // MARK: The operating system, TLS and cryptography, and the log
    .target(name: "LinuxSystem", dependencies: ["CLinux"], swiftSettings: swiftSettings),
    .target(name: "TLS", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
    .target(name: "Cryptography", dependencies: ["COpenSSL"], swiftSettings: swiftSettings),
    .target(
      name: "WriteAheadLog",
      dependencies: ["Cryptography", "LinuxSystem", "Observability", "TransactionModel"],
      swiftSettings: swiftSettings),

    // MARK: Who asked and what was told, in a log of its own
    .target(
      name: "AuditTrail", dependencies: ["TransactionModel", "WriteAheadLog"],
      swiftSettings: swiftSettings),

    // MARK: The program's rules as files
    .target(
      name: "PolicyFiles",
      dependencies: ["Cryptography", "EligibilityPolicy", "LinuxSystem", "TransactionModel"],
      swiftSettings: swiftSettings),

    // MARK: The two rooms every swipe passes through, and the other end of the line
    .target(
      name: "TransactionEngine",
      dependencies: [
        "Cryptography", "EligibilityIndex", "EligibilityPolicy", "TransactionModel", "WireFormat",
        "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "TransactionServer",
      dependencies: [
        "AuditTrail", "Cryptography", "LinuxSystem", "Observability", "TLS", "TransactionEngine",
        "TransactionModel", "WireFormat", "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "TerminalClient",
      dependencies: ["Cryptography", "LinuxSystem", "TLS", "TransactionModel", "WireFormat"],
      swiftSettings: swiftSettings),

    // MARK: Programs
    .target(
      name: "Installation",
      dependencies: [
        "LinuxSystem", "TLS", "TerminalClient", "TransactionModel", "WireFormat",
        .product(name: "Configuration", package: "swift-configuration"),
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "Administration",
      dependencies: [
        "AuditTrail", "EligibilityPolicy", "Installation", "LinuxSystem", "Observability",
        "PolicyFiles", "TransactionEngine", "TransactionModel", "WireFormat", "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posd",
      dependencies: [
        "Administration", "AuditTrail", "Cryptography", "EligibilityPolicy", "Installation",
        "LinuxSystem",
        "PolicyFiles", "TLS", "TerminalClient", "TransactionEngine", "TransactionModel",
        "TransactionServer",
        "WireFormat", "WriteAheadLog", argumentParser,
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posterm",
      dependencies: ["Installation", "TerminalClient", argumentParser],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posctl",
      dependencies: [
        "Administration", "AuditTrail", "EligibilityPolicy", "Installation", "LinuxSystem",
        "PolicyFiles",
        "TransactionEngine",
        "TransactionModel", "WireFormat", "WriteAheadLog", argumentParser,
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "LoadTest",
      dependencies: [
        "Cryptography", "Installation", "LinuxSystem", "TLS", "TransactionModel", "WireFormat",
        .product(name: "Histogram", package: "hdrhistogram-swift"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posload",
      dependencies: [
        "Installation", "LinuxSystem", "LoadTest", "TransactionModel", argumentParser,
      ],
      swiftSettings: swiftSettings),

    // MARK: Tests
    .testTarget(
      name: "TransactionModelTests",
      dependencies: ["TransactionModel"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "WireFormatTests",
      dependencies: ["TransactionModel", "WireFormat"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "EligibilityPolicyTests",
      dependencies: ["EligibilityPolicy", "TransactionModel"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PolicyFilesTests",
      dependencies: ["EligibilityPolicy", "PolicyFiles", "TransactionModel"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "EligibilityIndexTests",
      dependencies: ["EligibilityIndex", "SimulatedStorage", "TransactionModel"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "LinuxSystemTests", dependencies: ["LinuxSystem"], swiftSettings: swiftSettings),
    .testTarget(
      name: "TLSTests", dependencies: ["LinuxSystem", "TLS"], swiftSettings: swiftSettings),
    .testTarget(
      name: "CryptographyTests", dependencies: ["Cryptography"], swiftSettings: swiftSettings),
    .testTarget(
      name: "WriteAheadLogTests",
      dependencies: [
        "CAllocationCounter", "Cryptography", "LinuxSystem", "Observability", "SimulatedStorage",
        "TransactionModel", "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "AuditTrailTests",
      dependencies: [
        "AuditTrail", "CAllocationCounter", "LinuxSystem", "SimulatedStorage", "TransactionModel",
        "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TransactionEngineTests",
      dependencies: [
        "Cryptography", "EligibilityIndex", "EligibilityPolicy", "SimulatedStorage", "Support",
        "TransactionEngine", "TransactionModel", "WireFormat", "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SimulationTests",
      dependencies: [
        "EligibilityPolicy", "LinuxSystem", "SimulatedStorage", "Support", "TerminalClient",
        "TerminalSimulation", "TransactionEngine", "TransactionModel", "WireFormat",
        "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TransactionServerTests",
      dependencies: [
        "AuditTrail", "Cryptography", "EligibilityIndex", "EligibilityPolicy", "LinuxSystem",
        "Observability", "Support", "TLS",
        "TransactionEngine", "TransactionModel", "TransactionServer", "WireFormat", "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TerminalClientTests",
      dependencies: [
        "Cryptography", "LinuxSystem", "TLS", "TerminalClient", "TerminalSimulation",
        "TransactionModel", "WireFormat",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "AdministrationTests",
      dependencies: [
        "Administration", "AuditTrail", "Cryptography", "EligibilityPolicy", "Installation",
        "PolicyFiles", "SimulatedStorage", "Support", "TransactionEngine", "TransactionModel",
        "WireFormat", "WriteAheadLog",
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "InstallationTests",
      dependencies: ["Installation", "TransactionModel"],
      swiftSettings: swiftSettings),

    .testTarget(
      name: "LoadTestTests",
      dependencies: [
        "Installation", "LinuxSystem", "LoadTest", "TLS", "TransactionModel", "WireFormat",
      ],
      swiftSettings: swiftSettings),

    // MARK: Support of tests, and what is not part of a timed test
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    .target(
      name: "Support",
      dependencies: [
        "EligibilityPolicy", "TransactionEngine", "TransactionModel", "WireFormat",
        "WriteAheadLog",
      ],
      path: "Tests/Support/Cases", swiftSettings: swiftSettings),
    .target(
      name: "SimulatedStorage", dependencies: ["LinuxSystem", "WriteAheadLog"],
      path: "Tests/Support/SimulatedStorage", swiftSettings: swiftSettings),
    .target(
      name: "TerminalSimulation",
      dependencies: ["LinuxSystem", "TerminalClient", "TransactionModel", "WireFormat"],
      path: "Tests/Support/TerminalSimulation", swiftSettings: swiftSettings),
    .target(
      name: "ProgramSupport", dependencies: ["LinuxSystem", "TLS"], path: "Tests/Support/Programs",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "posd-benchmark",
      dependencies: [
        "CAllocationCounter", "EligibilityIndex", "EligibilityPolicy", "Installation",
        "LinuxSystem", "TLS", "TerminalClient", "TransactionEngine", "TransactionModel",
        "WireFormat", "WriteAheadLog", argumentParser,
      ],
      path: "Tests/Benchmarks/posd-benchmark", swiftSettings: swiftSettings),

    // MARK: Tests of the whole
    .testTarget(
      name: "AllocationTests",
      dependencies: [
        "CAllocationCounter", "EligibilityPolicy", "Support", "TransactionEngine",
        "TransactionModel", "WireFormat",
      ],
      swiftSettings: swiftSettings),
    .testTarget(name: "RepositoryTests"),
    // Nothing of the wire format: it knows what the Protocol folder says, and nothing else.
    .testTarget(
      name: "ProtocolConformanceTests", dependencies: ["ProgramSupport", "TLS"],
      swiftSettings: swiftSettings),
    // Runs the programs themselves, which lie beside the test bundle.
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Cryptography", "LinuxSystem", "ProgramSupport", "TLS", "TerminalClient",
        "TransactionModel", "WireFormat",
      ],
      swiftSettings: swiftSettings),
  ],
  swiftLanguageModes: [.v6]
)
