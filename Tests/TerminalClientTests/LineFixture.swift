import Synchronization
import TerminalSimulation
import TransactionModel
import WireFormat

@testable import TerminalClient

/// A terminal that does not wait long, and what scripted servers do to it.
struct LineFixture {
  /// More than any test takes.
  static let patience: Int32 = 120_000
  /// Enough for a connection and a request on a busy machine, for what is not answered.
  static let silence: Int32 = 3_000
  /// A port that nobody listens on, and that nobody is given.
  static let nobody: UInt16 = 1
  static let change = Samples.deactivation(Samples.card)

  let directory: TemporaryDirectory
  let certificates: TestCertificates

  init() throws {
    directory = try TemporaryDirectory()
    certificates = try TestCertificates(in: directory)
  }

  func profile(ports: UInt16...) -> TerminalProfile {
    var profile = TerminalProfile(
      servers: ports.map { ServerAddress(host: "127.0.0.1", port: $0) },
      authorityFile: certificates.authority,
      certificateFile: certificates.certificate("terminal"),
      privateKeyFile: certificates.key("terminal"), environment: .test,
      terminal: TerminalID(rawValue: 1_001), operatorID: OperatorID(rawValue: 501),
      software: SoftwareID(rawValue: 1), stateDirectory: directory.file("state"))
    profile.intervals.firstReconnectMillisecondsMax = 20
    profile.intervals.firstWaitMilliseconds = 20
    profile.intervals.waitMillisecondsMax = 40
    return profile
  }

  func terminal(_ profile: TerminalProfile) throws -> ReliableTerminal {
    try ReliableTerminal(profile)
  }

  /// Takes a request, and answers nothing until the terminal goes.
  static let silent: ScriptedServer.Script = { connection in
    while !connection.receive().isEmpty {}
  }

  static func answering(_ code: ResponseCode) -> ScriptedServer.Script {
    { connection in connection.send(ModelReply.outcome(code, to: connection.receive())) }
  }
}

/// What the threads of a test have seen.
final class Log<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])

  var all: [Element] { elements.withLock { $0 } }

  func append(_ element: Element) { elements.withLock { $0.append(element) } }
}
