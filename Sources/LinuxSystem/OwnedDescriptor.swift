import Glibc

/// A file descriptor with one owner, closed when the owner goes.
public struct OwnedDescriptor: ~Copyable, Sendable {
  public let rawValue: Int32

  /// Takes over an open descriptor; nobody else may close it from here on.
  public init(adopting rawValue: Int32) {
    precondition(rawValue >= 0, "not a descriptor")
    self.rawValue = rawValue
  }

  /// Closes, and reports what `close` says: some file systems report a failed write only here.
  ///
  /// The descriptor is gone in either case, after EINTR too, so it is never closed again.
  public consuming func closeReportingErrors() throws(SystemError) {
    let rawValue = self.rawValue
    discard self
    guard Glibc.close(rawValue) != 0 else { return }
    let errorNumber = errno
    precondition(errorNumber != EBADF, "closed twice")
    if errorNumber != EINTR { throw SystemError(errorNumber: errorNumber, call: "close") }
  }

  deinit { _ = Glibc.close(rawValue) }
}
