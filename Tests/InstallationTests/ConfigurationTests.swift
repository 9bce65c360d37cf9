import Foundation
import LinuxSystem
import TLS
import Testing
import TransactionModel

@testable import Installation

typealias Configuration = Installation.Configuration

@Suite("Configuration file")
struct ConfigurationTests {
  /// A configuration file without mistakes, as members by their full names.
  private static let sound: [String: JSONValue] = [
    "environment": "test", "listen.address": "127.0.0.1", "listen.port": .integer(7_171),
    "tls.certificate": "tls/server.pem", "tls.key": "/etc/posd/server.key",
    "tls.client_authority": "tls/authority.pem", "data.directory": "data",
  ]

  private static func nested(_ members: [String: JSONValue]) -> JSONValue {
    var groups: [String: [String: JSONValue]] = [:]
    var top: [String: JSONValue] = [:]
    for (name, value) in members {
      let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
      if parts.count == 1 {
        top[name] = value
      } else {
        groups[parts[0], default: [:]][parts[1]] = value
      }
    }
    return .object(top.merging(groups.mapValues(JSONValue.object)) { first, _ in first })
  }

  private static func read(_ members: [String: JSONValue]) throws(Mistakes) -> Configuration {
    try Configuration(
      json: Array(nested(members).text.utf8), file: "posd.json", directory: "/srv/posd/")
  }

  private static func mistakes(_ members: [String: JSONValue]) -> [Mistake] {
    do throws(Mistakes) {
      _ = try read(members)
      return []
    } catch {
      #expect(error.file == "posd.json")
      return error.list
    }
  }

  @Test("takes paths from its own directory, and defaults for what is absent")
  func defaults() throws {
    let configuration = try Self.read(Self.sound)
    var expected = Configuration()
    expected.listenAddress = "127.0.0.1"
    expected.listenPort = 7_171
    expected.certificateFile = "/srv/posd/tls/server.pem"
    expected.privateKeyFile = "/etc/posd/server.key"
    expected.clientAuthorityFile = "/srv/posd/tls/authority.pem"
    expected.dataDirectory = "/srv/posd/data"
    expected.logKeyFile = "/srv/posd/log.key"
    expected.controlSocket = "/srv/posd/control.socket"
    #expect(configuration == expected)
  }

  @Test("takes every number at both ends of its range, and nothing beyond")
  func numbers() throws {
    for key in NumberKey.all {
      var members = Self.sound
      // What depends on another number is given room.
      members["limits.connections"] = .integer(1_000_000)
      members["rules.repeat_window_seconds"] = .integer(2_592_000)
      for number in [key.range.lowerBound, key.range.upperBound] {
        guard key.name != "limits.connections", key.name != "rules.repeat_window_seconds" else {
          continue
        }
        members[key.name] = .integer(UInt64(number))
        let configuration = try Self.read(members)
        #expect(configuration[keyPath: key.property] == number, "\(key.name)")
      }
      for wrong in [
        JSONValue.integer(UInt64(key.range.upperBound + 1)), .string("1"), .number(1.5), .null,
        .bool(true), .array([]),
      ] {
        members[key.name] = wrong
        #expect(Self.mistakes(members).map(\.place).contains(key.name), "\(key.name) \(wrong)")
      }
      #expect(key.range.contains(Configuration()[keyPath: key.property]), "\(key.name)")
    }
  }

  @Test("misses every key that must be there", arguments: sound.keys.sorted())
  func missing(name: String) {
    var members = Self.sound
    members[name] = nil
    #expect(Self.mistakes(members).map(\.place) == [name])
  }

  @Test(
    "refuses what a key cannot be",
    arguments: [
      ("environment", JSONValue.string("prod")), ("environment", .integer(1)),
      ("listen.address", "localhost"), ("listen.address", ""), ("tls.minimum_version", "1.1"),
      ("clock.start", "2026-04-15"), ("clock.start", "2026-04-15T16:00:00"),
      ("tls.key", .integer(3)), ("data.directory", ""), ("control.socket", .bool(true)),
    ])
  func wrong(name: String, value: JSONValue) {
    var members = Self.sound
    members[name] = value
    #expect(Set(Self.mistakes(members).map(\.place)) == [name])
  }

  @Test("says everything that is wrong at once, unknown keys included")
  func allAtOnce() {
    let members: [String: JSONValue] = [
      "environment": "production", "listen.port": .integer(70_000), "port": .integer(1),
      "tls.certficate": "a", "tls.key": "b", "tls.client_authority": "c", "data.directory": "d",
      "clock.start": "2026-04-15T16:00:00Z", "limits.deep.er": .integer(1),
    ]
    let mistakes = Self.mistakes(members)
    #expect(
      Set(mistakes.map(\.place)) == [
        "listen.address", "listen.port", "port", "tls.certficate", "tls.certificate",
        "clock.start", "limits.deep.er",
      ])
    #expect(mistakes.contains { $0.place == "port" && $0.wanted.contains("listen.port") })
  }

  @Test("refuses limits that contradict one another")
  func contradictions() {
    var members = Self.sound
    members["limits.connections"] = .integer(10)
    members["limits.handshakes_in_flight"] = .integer(11)
    #expect(Self.mistakes(members).map(\.place) == ["limits.handshakes_in_flight"])
  }

  @Test("is no JSON", arguments: ["", "[]", "{\"a\":", "1", "{\"a\": 1} x"])
  func notJSON(text: String) {
    #expect(throws: Mistakes.self) {
      try Configuration(json: Array(text.utf8), file: "posd.json", directory: "/")
    }
  }

  @Test(
    "reads and writes times in UTC",
    arguments: [
      ("2026-04-15T16:00:00Z", 1_776_268_800_000), ("1970-01-01T00:00:00Z", 0),
      ("2000-02-29T23:59:59Z", 951_868_799_000),
    ])
  func times(text: String, milliseconds: UInt64) {
    #expect(Instant(rfc3339: text)?.milliseconds == milliseconds)
    #expect(Instant(milliseconds: milliseconds).rfc3339 == text)
  }

  @Test(
    "refuses other times",
    arguments: [
      "2026-04-15T16:00Z", "2026-04-15T24:00:00Z", "2026-04-31T16:00:00Z", "2026-04-15 16:00:00Z",
      "20260415T16:00:00Z", "1969-12-31T23:59:59Z", "2026-04-15T1+:00:00Z",
    ])
  func wrongTimes(text: String) {
    #expect(Instant(rfc3339: text) == nil)
  }
}
