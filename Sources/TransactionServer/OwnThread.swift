import LinuxSystem
import Synchronization

/// A thread that can be held together with others, and is joined once.
final class OwnThread: Sendable {
  private let thread: Mutex<Thread?>

  init(name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
    thread = Mutex(try Thread(name: name, body))
  }

  func join() {
    guard let thread = thread.withLock({ $0.take() }) else { return }
    thread.join()
  }
}
