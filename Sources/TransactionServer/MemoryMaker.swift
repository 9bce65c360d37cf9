import LinuxSystem
import Synchronization
import TransactionEngine

/// A thread that has the engine's memory provided before it is needed.
final class MemoryMaker: Sendable {
  private let engine: SharedEngine
  private let bell: EventDescriptor
  private let isStopping = Atomic<Bool>(false)
  private let thread = OwnThread()

  init(_ engine: SharedEngine) throws(SystemError) {
    self.engine = engine
    bell = try EventDescriptor()
  }

  /// Starts the thread, which looks at once, and then whenever it is woken.
  func start() throws(SystemError) {
    var poller = try ReadinessPoller(eventCountMax: 1)
    try poller.add(bell.rawValue, token: 0, interest: .readable)
    try thread.start(name: "memory-ahead") { [self] in
      while !isStopping.load(ordering: .acquiring) {
        engine.makeMemoryAhead { !isStopping.load(ordering: .relaxed) }
        _ = poller.wait(timeoutMilliseconds: -1)
        bell.drain()
      }
    }
  }

  func wake() { bell.signal() }

  /// Waits for no more than the page that is being provided.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    wake()
    thread.join()
  }
}
