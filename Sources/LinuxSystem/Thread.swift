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

  /// Has the calling thread run soon when it is woken, before threads that compute at length.
  ///
  /// It gets no more of a processor than before, and goes first only while it has had less than its
  /// share. Without this it waits for the end of another's slice, which takes milliseconds. Kernels
  /// before 6.12 take no notice; one that refuses leaves all as it was. Threads that it starts
  /// inherit it.
  public static func runCurrentPromptly() {
    // The kernel's minimum. A thread with a shorter slice than the running one takes its place.
    _ = CLinux_ask_for_slices(100_000)
  }

  /// Leaves the calling thread, for good, and the programs it starts what nobody else wants of a
  /// processor.
  ///
  /// A program gets it from its first instruction on: to load one takes milliseconds.
  public static func runCurrentWhenIdle() throws(SystemError) {
    _ = try systemCall("sched_setscheduler") { CLinux_become_idle() }.get()
  }

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
