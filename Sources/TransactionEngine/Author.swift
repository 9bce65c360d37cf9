public import TransactionModel

/// On whose word an entry was made that no terminal asked for: the first eight bytes of each.
///
///     0  4  user id of the process that asked, as the kernel told it
///     4  1  role that the installation gives this user
///     5  3  zero
public struct Author: Hashable, Sendable, BitwiseCopyable {
  static let byteCount = 8

  public var userIdentifier: UInt32
  public var role: Role

  public init(userIdentifier: UInt32, role: Role) {
    self.userIdentifier = userIdentifier
    self.role = role
  }

  func write(to output: inout OutputRawSpan) {
    output.put(userIdentifier)
    output.put(UInt32(role.rawValue))
  }

  /// Reads it; `nil` when it breaks the layout.
  init?(_ reader: inout RecordReader) {
    guard let userIdentifier: UInt32 = reader.next(), let rawRole: UInt32 = reader.next(),
      let role = UInt8(exactly: rawRole).flatMap(Role.init(rawValue:))
    else { return nil }
    self.init(userIdentifier: userIdentifier, role: role)
  }
}
