import Dispatch
import Foundation
import ProgramSupport
import Synchronization
import Testing
import TransactionModel
import WireFormat

/// What the disk refuses ends the real program with one line, and nothing that it acknowledged is
/// lost; what is foreseen, a disk that is full, ends nothing.
@Suite("A daemon whose disk fails", .showsDaemons)
struct FaultTests {
  /// Status after a failed write: systemd starts it again.
  static let failed: Int32 = 1
  static let patienceSeconds = 60

  struct Fault: Sendable, CustomTestStringConvertible {
    let call: String
    let error: String
    /// Which of the calls that the committer makes from now on.
    let nth: Int
    /// What the one line says.
    let said: String
    var injection: String { "\(call):error=\(error):when=\(nth)" }
    var testDescription: String { injection }
  }

  static let faults: [Fault] = [1, 2, 7].flatMap { nth in
    [("EIO", "Input/output error"), ("ENOSPC", "No space left on device")].flatMap { error, text in
      ["fdatasync", "pwrite64"].map { Fault(call: $0, error: error, nth: nth, said: text) }
    }
  }

  @Test(
    "ends with one line at a failed write or sync, and has kept what it acknowledged",
    .enabled(if: Injection.isPossible, "strace is missing, or may not trace here"),
    arguments: faults)
  func ends(fault: Fault) throws {
    let (installation, stream) = try Self.installation()
    let daemon = try Daemon(installation)
    let work = try Self.makeChanges(stream, daemon)
    let injection = try Injection(fault.injection, into: daemon.child)
    #expect(try daemon.child.waitForExit(within: Self.patienceSeconds) == Self.failed)
    withExtendedLifetime(injection) {}
    try work.finish()
    let lines = daemon.child.errorText.split(separator: "\n").filter { $0.contains(" critical ") }
    #expect(lines.count == 1 && lines[0].contains(fault.said), "\(daemon.child.errorText)")
    try Self.restart(installation, stream)
  }

  @Test(
    "goes on after writes that write less than they were given",
    .enabled(if: DiskFault.compiler != nil, "there is no C compiler"))
  func shortWrites() throws {
    let disk = try DiskFault()
    let (installation, stream) = try Self.installation()
    let daemon = try Daemon(installation, environment: disk.environment("half"))
    let work = try Self.makeChanges(stream, daemon)
    try daemon.kill()
    try work.finish()
    try Self.restart(installation, stream)
  }

  @Test(
    "sets aside what a write that failed in its middle has left",
    .enabled(if: DiskFault.compiler != nil, "there is no C compiler"), arguments: [20, 21, 40])
  func tornWrite(nth: Int) throws {
    let disk = try DiskFault()
    let (installation, stream) = try Self.installation()
    let daemon = try Daemon(installation, environment: disk.environment("fail=\(nth)"))
    let work = Work {
      try stream.run(port: daemon.port) {
      } whenAcknowledged: {
      }
    }
    #expect(try daemon.child.waitForExit(within: Self.patienceSeconds) == Self.failed)
    try work.finish()
    #expect(daemon.child.errorText.contains("Input/output error"), "\(daemon.child.errorText)")
    try Self.restart(installation, stream)
  }

  @Test(
    "starts without room for a segment, answers inquiries, and takes changes when there is room",
    .enabled(if: DiskFault.compiler != nil, "there is no C compiler"))
  func noRoom() throws {
    let disk = try DiskFault()
    let installation = try TestInstallation()
    let full = disk.environment("full=\(installation.folder.path("full"))", in: "log")
    try installation.folder.write([], to: "full")
    // The first life writes into the segment that was prepared when the log was made.
    let first = try Daemon(installation, environment: full)
    try WireConnection(port: first.port, installation.context()).signOn()
    #expect(try first.stop() == 0)
    let daemon = try Daemon(installation, environment: full)
    let connection = try WireConnection(port: daemon.port, installation.context())
    var requests = Requests(after: 100)
    try connection.send(requests.next(activation(card(1_000_000_000_001))))
    let refused = try decode(connection.receiveFrame())
    #expect(refused.header.code == .changesUnavailable)
    #expect(try connection.isServed())
    let inquiry = RequestBody.inquiry(
      card: card(1_000_000_000_001), dateOfService: today, purpose: .information)
    try connection.send(requests.next(inquiry))
    #expect(try decode(connection.receiveFrame()).header.code == .neverActivated)
    try FileManager.default.removeItem(atPath: installation.folder.path("full"))
    let deadline = Date(timeIntervalSinceNow: Double(Self.patienceSeconds))
    var code = ResponseCode.changesUnavailable
    while code == .changesUnavailable, Date() < deadline {
      try connection.send(requests.next(activation(card(1_000_000_000_001))))
      code = try decode(connection.receiveFrame()).header.code
    }
    #expect(code == .activated)
    #expect(try daemon.stop() == 0)
  }

  @Test(
    "answers nothing that it cannot enter in the audit log, and goes on when there is room",
    .enabled(if: DiskFault.compiler != nil, "there is no C compiler"))
  func noRoomForAudit() throws {
    let disk = try DiskFault()
    let installation = try TestInstallation()
    let full = disk.environment("full=\(installation.folder.path("full"))", in: "audit")
    try installation.folder.write([], to: "full")
    let first = try Daemon(installation, environment: full)
    try WireConnection(port: first.port, installation.context()).signOn()
    #expect(try first.stop() == 0)
    let daemon = try Daemon(installation, environment: full)
    let connection = try WireConnection(port: daemon.port, installation.context())
    var requests = Requests(after: 100)
    let inquiry = RequestBody.inquiry(
      card: card(1_000_000_000_001), dateOfService: today, purpose: .information)
    for body in [inquiry, activation(card(1_000_000_000_001))] {
      let refused = try decode(connection.exchange(requests.next(body)))
      #expect(refused.header.code == .busy)
    }
    #expect(try connection.isServed())
    try FileManager.default.removeItem(atPath: installation.folder.path("full"))
    let deadline = Date(timeIntervalSinceNow: Double(Self.patienceSeconds))
    var code = ResponseCode.busy
    while code == .busy, Date() < deadline {
      code = try decode(connection.exchange(requests.next(inquiry))).header.code
    }
    #expect(code == .neverActivated)
    #expect(try daemon.stop() == 0)
  }

  // MARK: Support

  private static func installation() throws -> (TestInstallation, ChangeStream) {
    let installation = try TestInstallation(terminals: 1, cards: 5_000)
    return (
      installation,
      try ChangeStream(installation, terminal: 1_001, firstSerial: 1_000_000_000_001)
    )
  }

  /// Has changes made until the daemon ends, and returns when some are acknowledged.
  private static func makeChanges(_ stream: ChangeStream, _ daemon: Daemon) throws -> Work {
    let acknowledged = DispatchSemaphore(value: 0)
    let work = Work {
      try stream.run(port: daemon.port) {
      } whenAcknowledged: {
        acknowledged.signal()
      }
    }
    for _ in 0..<20 {
      guard acknowledged.wait(timeout: .now() + .seconds(patienceSeconds)) == .success else {
        throw ChildFailure("no changes in time\n\(daemon.child.errorText)")
      }
    }
    return work
  }

  /// Starts the daemon on a disk that is well again, and holds it to what it said.
  private static func restart(_ installation: TestInstallation, _ stream: ChangeStream) throws {
    let daemon = try Daemon(installation)
    _ = try stream.verify(port: daemon.port)
    try stream.verifyAll(port: daemon.port)
    #expect(stream.changeCount >= 20)
    #expect(try daemon.stop() == 0)
  }
}
