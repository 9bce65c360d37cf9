import Synchronization

/// The thread that an object runs for itself, from `start` to `join`.
package final class OwnThread: Sendable {
  private let thread = Mutex<Thread?>(nil)

  package init() {}

  /// Starts at once.
  package convenience init(
    name: String, _ body: sending @escaping () -> Void
  ) throws(SystemError) {
    self.init()
    try start(name: name, body)
  }

  package func start(name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
    var started: Thread? = try Thread(name: name, body)
    thread.withLock { swap(&$0, &started) }
    precondition(started == nil, "started twice")
  }

  /// Waits until the body has returned; nothing when it was not started.
  package func join() {
    var running: Thread? = nil
    thread.withLock { swap(&$0, &running) }
    running.take()?.join()
  }
}
