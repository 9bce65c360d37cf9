import Configuration
import Foundation
import LinuxSystem
import TLS
import TransactionModel

extension Installation.Configuration {
  private static let choiceNames = [
    "environment", "listen.address", "tls.minimum_version", "clock.start",
    truthName,
  ]
  private static let truthName = "audit.durable"

  /// Every key that a configuration file may have.
  static var keyNames: [String] {
    choiceNames + NumberKey.all.map(\.name) + PathKey.all.map(\.name) + UsersKey.all.map(\.name)
  }

  /// Reads a configuration file, and says everything that is wrong in it at once.
  public init(file: String) throws(Mistakes) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw Mistakes(file: file, [Mistake("", "cannot be read")])
    }
    let directory = URL(filePath: file).deletingLastPathComponent().path(percentEncoded: false)
    try self.init(json: Array(data), file: file, directory: directory)
  }

  /// Reads the content of a configuration file that lies in a directory.
  init(json: [UInt8], file: String, directory: String) throws(Mistakes) {
    let snapshot: JSONSnapshot
    let written: JSONValue
    do {
      written = try JSONValue(parsing: json)
      snapshot = try JSONSnapshot(
        data: json.rawBytes, providerName: file, parsingOptions: .default)
    } catch {
      throw Mistakes(file: file, [(error as? Mistake) ?? Mistake("", "\(error)")])
    }
    var mistakes = written.leaves.compactMap(Self.mistake)
    self.init()
    var reader = ConfigurationReader(snapshot: snapshot)
    readChoices(&reader)
    for key in NumberKey.all {
      guard let number = reader.number(key) else { continue }
      self[keyPath: key.property] = number
    }
    for key in PathKey.all {
      guard
        let path = reader.text(key.name, "a path", isRequired: key.ifAbsent == nil)
          ?? key.ifAbsent, !path.isEmpty
      else { continue }
      let base = URL(filePath: directory, directoryHint: .isDirectory)
      self[keyPath: key.property] =
        URL(filePath: path, relativeTo: base).standardizedFileURL.path(percentEncoded: false)
    }
    mistakes += readUsers(written) + reader.mistakes + contradictions
    guard mistakes.isEmpty else { throw Mistakes(file: file, mistakes) }
  }

  /// Reads the lists of users, whose names the machine must know.
  private mutating func readUsers(_ written: JSONValue) -> [Mistake] {
    let leaves = Dictionary(written.leaves.map { ($0.name, $0.value) }) { first, _ in first }
    var reader = JSONReader()
    for key in UsersKey.all {
      for (place, value) in reader.elements(of: leaves[key.name], at: key.name) {
        switch value {
        case .integer(let number) where number < UInt32.max:
          self[keyPath: key.property].insert(UInt32(number))
        case .string(let name):
          // Numbers may stand in quotes: swift-configuration takes no list of both kinds.
          guard let user = UInt32(name) ?? CurrentProcess.userIdentifier(named: name) else {
            reader.report(place, "a user of this machine is wanted; \(name) is none")
            continue
          }
          self[keyPath: key.property].insert(user)
        default: reader.report(place, "the name or number of a user is wanted")
        }
      }
    }
    return reader.mistakes
  }

  private mutating func readChoices(_ reader: inout ConfigurationReader) {
    let names = Environment.allCases.map { "\"\($0.name)\"" }.joined(separator: " or ")
    if let text = reader.text("environment", names, isRequired: true) {
      if let environment = Environment.allCases.first(where: { $0.name == text }) {
        self.environment = environment
      } else {
        reader.report("environment", "\(names) is wanted")
      }
    }
    let address = "an IP address of this machine, such as 127.0.0.1"
    if let text = reader.text("listen.address", address, isRequired: true) {
      listenAddress = text
      if InternetAddress(literal: text, port: 0) == nil {
        reader.report("listen.address", "\(address), is wanted")
      }
    }
    switch reader.text("tls.minimum_version", "\"1.2\" or \"1.3\"", isRequired: false) {
    case nil, "1.3": minimumTLSVersion = .tls13
    case "1.2": minimumTLSVersion = .tls12
    default: reader.report("tls.minimum_version", "\"1.2\" or \"1.3\" is wanted")
    }
    isAuditDurable = reader.truth(Self.truthName)
    let time = "a time such as 2026-04-15T16:00:00Z"
    if let text = reader.text("clock.start", time, isRequired: false) {
      clockStart = Instant(rfc3339: text)
      if clockStart == nil { reader.report("clock.start", "\(time) is wanted") }
      if environment == .production {
        reader.report("clock.start", "not allowed in production: remove it")
      }
    }
  }

  /// What is wrong between keys that are right by themselves.
  private var contradictions: [Mistake] {
    var mistakes: [Mistake] = []
    if limits.handshakesInFlight > limits.connections {
      mistakes.append(
        Mistake("limits.handshakes_in_flight", "at most limits.connections is wanted"))
    }
    if rules.changeAgeSeconds > rules.repeatWindowSeconds {
      mistakes.append(
        Mistake("rules.change_age_seconds", "at most rules.repeat_window_seconds is wanted"))
    }
    return mistakes
  }

  /// What is wrong with a key before its value is looked at.
  ///
  /// One key holds a truth value and none null; swift-configuration takes the one for a number and
  /// the other for an absent key.
  private static func mistake(_ name: String, _ value: JSONValue) -> Mistake? {
    guard keyNames.contains(name) else {
      return Mistake(name, "unknown key\(suggestion(for: name))")
    }
    switch value {
    case .bool where name == truthName: return nil
    case _ where name == truthName: return Mistake(name, "true or false is wanted")
    case .null, .bool: return Mistake(name, "a text or a number is wanted")
    default: return nil
    }
  }

  /// The known key of the same last name, if there is one.
  private static func suggestion(for name: String) -> String {
    let last = name.split(separator: ".").last
    let known = keyNames.first { $0.split(separator: ".").last == last }
    return known.map { "; is \($0) meant?" } ?? ""
  }
}

/// Reads values through swift-configuration and gathers what is wrong with them.
private struct ConfigurationReader {
  let snapshot: JSONSnapshot
  private(set) var mistakes: [Mistake] = []

  init(snapshot: JSONSnapshot) { self.snapshot = snapshot }

  mutating func report(_ name: String, _ wanted: String) {
    mistakes.append(Mistake(name, wanted))
  }

  mutating func text(_ name: String, _ wanted: String, isRequired: Bool) -> String? {
    guard case .string(let text)? = value(name, .string, wanted, isRequired) else { return nil }
    if text.isEmpty { report(name, "\(wanted) is wanted") }
    return text.isEmpty ? nil : text
  }

  mutating func number(_ key: NumberKey) -> Int? {
    let wanted = "a number from \(key.range.lowerBound) to \(key.range.upperBound)"
    guard case .int(let number)? = value(key.name, .int, wanted, key.isRequired) else {
      return nil
    }
    guard key.range.contains(number) else {
      report(key.name, "\(wanted) is wanted")
      return nil
    }
    return number
  }

  /// A value that was judged before; false when the key is absent.
  func truth(_ name: String) -> Bool {
    let key = AbsoluteConfigKey(name.split(separator: ".").map(String.init))
    guard case .bool(let isTrue)? = try? snapshot.value(forKey: key, type: .bool).value?.content
    else { return false }
    return isTrue
  }

  private mutating func value(
    _ name: String, _ type: ConfigType, _ wanted: String, _ isRequired: Bool
  ) -> ConfigContent? {
    let key = AbsoluteConfigKey(name.split(separator: ".").map(String.init))
    guard let found = try? snapshot.value(forKey: key, type: type) else {
      report(name, "\(wanted) is wanted")
      return nil
    }
    if found.value == nil, isRequired { report(name, "missing; \(wanted) is wanted") }
    return found.value?.content
  }
}
