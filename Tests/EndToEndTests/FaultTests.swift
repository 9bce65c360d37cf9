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
    let full = try FullDisk(disk, for: "log")
    let change = activation(card(1_000_000_000_001))
    #expect(try full.code(of: change) == .changesUnavailable)
    #expect(try full.connection.isServed())
    #expect(try full.code(of: Self.inquiry) == .neverActivated)
    try full.makeRoom()
    #expect(try full.firstCode(of: change, after: .changesUnavailable) == .activated)
    #expect(try full.daemon.stop() == 0)
  }

  @Test(
    "answers nothing that it cannot enter in the audit log, and goes on when there is room",
    .enabled(if: DiskFault.compiler != nil, "there is no C compiler"))
  func noRoomForAudit() throws {
    let disk = try DiskFault()
    let full = try FullDisk(disk, for: "audit")
    for body in [Self.inquiry, activation(card(1_000_000_000_001))] {
      #expect(try full.code(of: body) == .busy)
    }
    #expect(try full.connection.isServed())
    try full.makeRoom()
    #expect(try full.firstCode(of: Self.inquiry, after: .busy) == .neverActivated)
    #expect(try full.daemon.stop() == 0)
  }

  // MARK: Support

  private static let inquiry = RequestBody.inquiry(
    card: card(1_000_000_000_001), dateOfService: today, purpose: .information)

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

/// A daemon with no room for a segment in one of its directories.
private final class FullDisk {
  let daemon: Daemon
  let connection: WireConnection
  private let installation: TestInstallation
  private var requests = Requests(after: 100)

  init(_ disk: DiskFault, for directory: String) throws {
    installation = try TestInstallation()
    let full = disk.environment("full=\(installation.folder.path("full"))", in: directory)
    try installation.folder.write([], to: "full")
    // The first life writes into the segment that was prepared when the log was made.
    let first = try Daemon(installation, environment: full)
    try WireConnection(port: first.port, installation.context()).signOn()
    #expect(try first.stop() == 0)
    daemon = try Daemon(installation, environment: full)
    connection = try WireConnection(port: daemon.port, installation.context())
  }

  func code(of body: RequestBody) throws -> ResponseCode {
    try decode(connection.exchange(requests.next(body))).header.code
  }

  func makeRoom() throws {
    try FileManager.default.removeItem(atPath: installation.folder.path("full"))
  }

  /// The first code that is another one than it was, if one comes in time.
  func firstCode(of body: RequestBody, after old: ResponseCode) throws -> ResponseCode {
    let deadline = Date(timeIntervalSinceNow: Double(FaultTests.patienceSeconds))
    var code = old
    while code == old, Date() < deadline { code = try self.code(of: body) }
    return code
  }
}
