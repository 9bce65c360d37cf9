import CLinux
import Glibc

/// The signals by which an operator or the service manager talks to the process.
public enum ProcessSignal: Int32, CaseIterable, Sendable {
  case hangUp = 1
  case interrupt = 2
  case terminate = 15
}

/// The process's signals as something to poll: signalfd.
///
/// Make it in the main thread before any other thread starts: the signals are blocked in the
/// calling thread and in those it starts later, and a thread where they are not blocked would still
/// die of them.
public struct SignalDescriptor: ~Copyable, Sendable {
  private let descriptor: OwnedDescriptor

  public init(_ signals: [ProcessSignal] = ProcessSignal.allCases) throws(SystemError) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in signals { unsafe sigaddset(&set, signal.rawValue) }
    let status = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    precondition(status == 0, "pthread_sigmask")
    let rawValue = try systemCall("signalfd") {
      unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    }.get()
    descriptor = OwnedDescriptor(adopting: rawValue)
  }

  /// The number to watch for readability.
  public var rawValue: Int32 { descriptor.rawValue }

  /// The next signal that has come, or nil.
  public func next() -> ProcessSignal? {
    var information = signalfd_siginfo()
    let outcome = systemCall("read") {
      unsafe Glibc.read(
        descriptor.rawValue, &information, MemoryLayout<signalfd_siginfo>.size)
    }
    guard case .success = outcome else { return nil }
    return ProcessSignal(rawValue: Int32(information.ssi_signo))
  }
}

/// Makes a write that nobody reads any more, such as to a pipe, an error instead of the end of the
/// process.
public func ignoreBrokenPipe() {
  _ = signal(SIGPIPE, SIG_IGN)
}
