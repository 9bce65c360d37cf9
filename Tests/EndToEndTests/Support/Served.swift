import Foundation
import ProgramSupport
import Testing

/// An installation and the daemon that serves it.
struct Service {
  let installation: TestInstallation
  let daemon: Daemon

  /// Serves; a test to which every write counts lets nobody sign on.
  init(settings: [String: Int] = [:], signsOn: Bool = true) throws {
    installation = try TestInstallation(settings: settings)
    daemon = try Daemon(installation)
    if signsOn { try signOn() }
  }

  /// Signs on the operators with whom the tests work; a session outlives its connection.
  func signOn() throws {
    for terminal: UInt64 in [1_001, 1_002] {
      try connect(terminal: terminal).signOn(terminal: terminal)
    }
    try connect(terminal: 2_001).signOn(terminal: 2_001, operatorID: 601)
  }

  /// What the running daemon has counted under a name, by `posctl status`.
  func count(_ name: String) throws -> Int {
    let ended = try Program.posctl.run(
      ["status", "--config", installation.configurationFile, "--json"])
    guard ended.status == 0,
      let status = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
        as? [String: Any],
      let counters = status["counters"] as? [String: Int]
    else { throw ChildFailure("posctl status: \(ended.errors)\(ended.output)") }
    return counters[name] ?? 0
  }

  func connect(terminal: UInt64 = 1_001) throws -> WireConnection {
    try WireConnection(port: daemon.port, installation.context(terminal: terminal))
  }
}

/// Gives a suite a daemon that all its tests share, and stops it after the last.
struct Served: SuiteTrait, TestScoping {
  @TaskLocal private static var service: Service?

  var settings: [String: Int] = [:]

  /// The daemon of the suite that runs.
  static func current() throws -> Service {
    guard let service else { throw ChildFailure("the suite has no daemon") }
    return service
  }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let service = try Service(settings: settings)
    try await Self.$service.withValue(service) { try await function() }
    let status = try service.daemon.stop()
    #expect(status == 0, "\(service.daemon.child.errorText)")
  }
}

extension Trait where Self == Served {
  /// A daemon for the whole suite.
  static var served: Served { Served() }

  static func served(_ settings: [String: Int]) -> Served { Served(settings: settings) }
}
