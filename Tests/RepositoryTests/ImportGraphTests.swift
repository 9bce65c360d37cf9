import Foundation
import Testing

/// The import graph, whole and strict.
///
/// The package manager refuses only imports that no dependency path leads to: it allows transitive
/// ones, and it does not look at Glibc or Foundation at all. So the graph is held here.
@Suite("The import graph")
struct ImportGraphTests {
  /// What each target may import, beside Synchronization.
  static let allowed: [String: Set<String>] = [
    "TransactionModel": [],
    "WireFormat": ["TransactionModel"],
    "EligibilityPolicy": ["TransactionModel"],
    "EligibilityIndex": ["CLinux", "TransactionModel"],
    "Observability": [],
    "LinuxSystem": ["CLinux", "Glibc"],
    "TLS": ["COpenSSL", "Glibc"],
    "Cryptography": ["COpenSSL", "Glibc"],
    "WriteAheadLog": ["Cryptography", "LinuxSystem", "Observability", "TransactionModel"],
    "AuditTrail": ["TransactionModel", "WriteAheadLog"],
    "PolicyFiles": ["Cryptography", "EligibilityPolicy", "LinuxSystem", "TransactionModel"],
    "TransactionEngine": [
      "Cryptography", "EligibilityIndex", "EligibilityPolicy", "TransactionModel", "WireFormat",
      "WriteAheadLog",
    ],
    "TransactionServer": [
      "AuditTrail", "Cryptography", "LinuxSystem", "Observability", "TLS", "TransactionEngine",
      "TransactionModel", "WireFormat", "WriteAheadLog",
    ],
    "TerminalClient": ["Cryptography", "LinuxSystem", "TLS", "TransactionModel", "WireFormat"],
    "Installation": [
      "Configuration", "Cryptography", "Foundation", "LinuxSystem", "SystemPackage", "TLS",
      "TerminalClient", "TransactionModel", "WireFormat",
    ],
    "Administration": [
      "AuditTrail", "EligibilityPolicy", "Installation", "LinuxSystem", "Observability",
      "PolicyFiles", "TransactionEngine", "TransactionModel", "WireFormat", "WriteAheadLog",
    ],
    "posd": [
      "Administration", "ArgumentParser", "AuditTrail", "Cryptography", "Dispatch",
      "EligibilityPolicy", "Foundation", "Installation", "LinuxSystem", "Logging",
      "Observability", "PolicyFiles", "TLS", "TerminalClient", "TransactionEngine",
      "TransactionModel", "TransactionServer", "WireFormat", "WriteAheadLog",
    ],
    "posterm": [
      "ArgumentParser", "Foundation", "Installation", "LinuxSystem", "TLS", "TerminalClient",
      "TransactionModel", "WireFormat",
    ],
    "posctl": [
      "Administration", "ArgumentParser", "AuditTrail", "EligibilityPolicy", "Foundation",
      "Installation", "LinuxSystem", "PolicyFiles", "TransactionEngine", "TransactionModel",
      "WireFormat", "WriteAheadLog",
    ],
    "LoadTest": [
      "Cryptography", "Foundation", "Glibc", "Histogram", "Installation", "LinuxSystem", "TLS",
      "TransactionModel", "WireFormat",
    ],
    "posload": [
      "ArgumentParser", "Foundation", "Installation", "LinuxSystem", "LoadTest",
      "TransactionModel",
    ],
  ]

  @Test("holds for every file", arguments: allowed.keys.sorted())
  func holds(target: String) throws {
    let folder = Repository.sources.appending(path: target)
    guard FileManager.default.fileExists(atPath: folder.path()) else { return }
    for file in try Repository.swiftFiles(below: folder) {
      for line in try Repository.lines(of: file) {
        guard let module = Self.importedModule(line) else { continue }
        let isAllowed =
          Self.allowed[target, default: []].contains(module)
          || module == "Synchronization" && target != "TransactionModel"
        #expect(isAllowed, "\(target)/\(file.lastPathComponent) imports \(module)")
      }
    }
  }

  @Test("knows every target")
  func knowsEveryTarget() throws {
    let unknown = try Repository.targets().filter {
      Self.allowed[$0] == nil && !["CLinux", "COpenSSL"].contains($0)
    }
    #expect(unknown.isEmpty)
  }

  @Test(
    "sees every form of an import",
    arguments: [
      "import Glibc", "public import Glibc", "internal import Glibc", "fileprivate import Glibc",
      "package import Glibc", "@preconcurrency import Glibc", "@_exported public import Glibc",
      "@testable import Glibc", "import struct Glibc.stat", "  import Glibc  // why",
    ])
  func seesImports(line: String) {
    #expect(Self.importedModule(line[...]) == "Glibc")
  }

  @Test(
    "takes nothing else for an import",
    arguments: ["// import Glibc", "let important = 1", "/// An import Glibc", "importer(Glibc)"])
  func seesNoOthers(line: String) {
    #expect(Self.importedModule(line[...]) == nil)
  }

  /// The module that a line imports.
  static func importedModule(_ line: Substring) -> String? {
    let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias", "actor"]
    let levels = ["public", "package", "internal", "fileprivate", "private"]
    var words = line.split(separator: " ")
    while let first = words.first, first.hasPrefix("@") || levels.contains(String(first)) {
      words.removeFirst()
    }
    guard words.first == "import" else { return nil }
    words.removeFirst()
    if let first = words.first, kinds.contains(String(first)) { words.removeFirst() }
    return words.first?.split(separator: ".").first.map(String.init)
  }
}
