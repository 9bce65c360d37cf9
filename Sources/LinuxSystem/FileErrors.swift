import Glibc

extension SystemError {
  /// The error of a write that finds the disk full, for space that is kept in reserve.
  public static let noSpace = SystemError(errorNumber: ENOSPC, call: "reserve")

  /// Whether the disk or the owner's share of it is full.
  public var isNoSpace: Bool { errorNumber == ENOSPC || errorNumber == EDQUOT }

  /// Whether a name stood for nothing.
  public var isNotFound: Bool { errorNumber == ENOENT }

  /// Whether a name was taken.
  public var isExisting: Bool { errorNumber == EEXIST }
}
