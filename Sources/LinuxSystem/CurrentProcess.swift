import CLinux
import Glibc

/// What this process uses and may use.
public enum CurrentProcess {
  public static var identifier: Int32 { getpid() }

  /// The user that the process acts for.
  public static var userIdentifier: UInt32 { geteuid() }

  /// The user of a name; `nil` when the machine knows none.
  ///
  /// For the time before threads start: the C library keeps one answer for all.
  public static func userIdentifier(named name: String) -> UInt32? {
    guard let entry = unsafe getpwnam(name) else { return nil }
    return unsafe entry.pointee.pw_uid
  }

  /// The number of processors it may run on, at least 1.
  public static var processorCount: Int { Int(CLinux_processor_count()) }

  /// Processor time spent so far by all threads, in user and in kernel mode.
  public static var processorTimeNanoseconds: UInt64 {
    nanoseconds(of: CLOCK_PROCESS_CPUTIME_ID)
  }

  /// Raises the limit of open descriptors as far as an unprivileged process may, and gives it.
  @discardableResult
  public static func raiseOpenFileLimit() throws(SystemError) -> Int {
    let resource = Int32(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    _ = try systemCall("getrlimit") { unsafe getrlimit(resource, &limit) }.get()
    limit.rlim_cur = limit.rlim_max
    _ = try systemCall("setrlimit") { unsafe setrlimit(resource, &limit) }.get()
    return Int(clamping: limit.rlim_cur)
  }

  /// Has the kernel write no core dump of the process, and keep other users' tools out of its memory:
  /// it holds personal data and keys.
  public static func forbidDumps() throws(SystemError) {
    _ = try systemCall("prctl") { CLinux_forbid_dumps() }.get()
  }

  /// Takes for good only what others leave of processor and disk.
  public static func becomeBackground() { CLinux_become_background() }

  /// Has the process end with the one that started it; false when that has ended already.
  public static func endWithParent(_ parent: Int32) throws(SystemError) -> Bool {
    _ = try systemCall("prctl") { CLinux_end_with_parent() }.get()
    return getppid() == parent
  }

  /// The value of an environment variable, or nil.
  public static func environmentValue(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Lets the process live for so many seconds at most, whatever it does meanwhile: SIGALRM ends it.
  public static func endAtLatest(inSeconds seconds: UInt32) { _ = alarm(seconds) }

  /// Ends the process at once: nothing is flushed and no handler runs.
  public static func exitNow(status: Int32) -> Never { _exit(status) }
}
