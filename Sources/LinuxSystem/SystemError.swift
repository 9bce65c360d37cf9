import CLinux
import Glibc

/// The error number of a failed system call, and the name of the call.
///
/// It never holds an argument of the call, so it may go into a log line.
public struct SystemError: Error, Hashable, Sendable {
  public let errorNumber: Int32
  public let call: StaticString

  public init(errorNumber: Int32, call: StaticString) {
    self.errorNumber = errorNumber
    self.call = call
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.errorNumber == right.errorNumber && left.call.description == right.call.description
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(errorNumber) }
}

extension SystemError: CustomStringConvertible {
  /// The call and the error's English text, such as `bind: Address already in use (errno 98)`.
  public var description: String {
    let text = unsafe String(cString: CLinux_error_text(errorNumber))
    return "\(call): \(text) (errno \(errorNumber))"
  }
}

/// Makes a system call, again as long as a signal interrupts it, and reads errno on the next line.
///
/// A descriptor that is not open or an address outside the process is a defect of this program,
/// and going on could write into somebody else's descriptor: that traps.
@inline(__always)
func systemCall<Value: FixedWidthInteger & SignedInteger>(
  _ call: StaticString, _ body: () -> Value
) -> Result<Value, SystemError> {
  while true {
    let value = body()
    if value != -1 { return .success(value) }
    let errorNumber = errno
    if errorNumber == EINTR { continue }
    precondition(
      errorNumber != EBADF && errorNumber != EFAULT, "\(call): errno \(errorNumber)")
    return .failure(SystemError(errorNumber: errorNumber, call: call))
  }
}
