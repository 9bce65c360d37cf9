import CLinux
import Glibc

/// A thread with a name, which its owner joins.
///
/// An owner that goes without joining leaves the thread running on its own.
public struct Thread: ~Copyable, Sendable {
  /// The kernel's limit, without the closing zero byte.
  public static let nameByteCountMax = 15

  private let handle: pthread_t

  /// Starts a thread; the body is sent to it and may own what is not shareable.
  public init(name: String, _ body: sending @escaping () -> Void) throws(SystemError) {
    precondition(name.utf8.count <= Self.nameByteCountMax, "thread name too long")
    let start = unsafe Unmanaged.passRetained(ThreadStart(name: name, body: body)).toOpaque()
    var handle = pthread_t()
    let errorNumber = unsafe pthread_create(
      &handle, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
        _ = unsafe CLinux_name_this_thread(start.name)
        start.body()
        return nil
      }, start)
    guard errorNumber == 0 else {
      unsafe Unmanaged<ThreadStart>.fromOpaque(start).release()
      throw SystemError(errorNumber: errorNumber, call: "pthread_create")
    }
    self.handle = handle
  }

  /// Waits until the body has returned.
  public consuming func join() {
    let handle = self.handle
    discard self
    let errorNumber = pthread_join(handle, nil)
    precondition(errorNumber == 0, "pthread_join")
  }

  deinit { pthread_detach(handle) }

  /// Gives the calling thread less of a contended processor, from 0 (normal) to 19 (least).
  public static func setNicenessOfCurrent(_ niceness: Int32) throws(SystemError) {
    precondition((0...19).contains(niceness))
    // For Linux, process 0 of PRIO_PROCESS is the calling thread alone.
    _ = try systemCall("setpriority") {
      setpriority(Int32(PRIO_PROCESS.rawValue), 0, niceness)
    }.get()
  }
}

private final class ThreadStart {
  let name: String
  let body: () -> Void

  init(name: String, body: @escaping () -> Void) {
    self.name = name
    self.body = body
  }
}
