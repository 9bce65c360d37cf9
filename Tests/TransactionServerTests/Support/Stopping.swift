import LinuxSystem
import Synchronization

@testable import TransactionServer

/// A server's stop, under way in a thread of its own.
final class Stopping: Sendable {
  private let isDone = Atomic<Bool>(false)

  init(_ server: TransactionServer) throws {
    _ = try Thread(name: "stopping") { [self] in
      server.stop(drainMilliseconds: UInt64(TestClient.patienceMilliseconds))
      isDone.store(true, ordering: .releasing)
    }
  }

  var hasStopped: Bool { isDone.load(ordering: .acquiring) }
}
