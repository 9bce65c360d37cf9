import Glibc
import LinuxSystem
import Observability
import TLS
import TransactionModel

@testable import TransactionServer

/// A server on a free loopback port, with one reactor unless asked for more, and an engine that the test controls.
final class TestServer {
  let room = ControlledRoom()
  let certificates: CertificateFolder
  let server: TransactionServer
  let context: TLSClientContext

  /// Those of the product, but for the time that stopping takes.
  static var limits: ServerLimits {
    var limits = ServerLimits()
    limits.lingerMilliseconds = 500
    return limits
  }

  init(
    limits: ServerLimits = limits, certificates: CertificateFolder? = nil,
    certificateClock: DaemonClock = .wall, reactorCount: Int = 1, audit: ControlledAudit? = nil
  ) throws {
    let certificates = try certificates ?? CertificateFolder()
    self.certificates = certificates
    context = try certificates.clientContext()
    server = try TransactionServer(
      listener: ListeningSocket(host: "127.0.0.1", port: 0),
      context: certificates.serverContext(), environment: .test, room: room,
      durablePosition: room.durablePosition, audit: audit?.desk, clock: .wall,
      certificateClock: certificateClock, limits: limits,
      reactorCount: reactorCount)
  }

  /// Whether a test has stopped it already.
  var isStopped = false

  deinit { if !isStopped { server.stop(drainMilliseconds: 0) } }

  func client() throws -> TestClient { try TestClient(port: server.port, context: context) }

  /// A connection without TLS.
  func plainConnection() throws -> OwnedDescriptor {
    try OwnedDescriptor.connected(
      toHost: "127.0.0.1", port: server.port, timeoutMilliseconds: TestClient.patienceMilliseconds)
  }

  func count(_ name: String) -> UInt64 { server.statistics.listing[name] }

  /// Waits until something that other threads do has come about; false when patience is at its end.
  func comesAbout(_ condition: () -> Bool) -> Bool { isMet(condition) }
}

/// Waits until something that other threads do has come about; false when patience is at its end.
func isMet(_ condition: () -> Bool) -> Bool {
  let deadline = MonotonicClock.nowMilliseconds + UInt64(TestClient.patienceMilliseconds)
  while !condition() {
    guard MonotonicClock.nowMilliseconds < deadline else { return false }
    usleep(500)
  }
  return true
}
