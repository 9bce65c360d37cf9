public import TransactionModel

/// On whose word an entry was made that no terminal asked for: the first eight bytes of each.
///
///     0  4  user id of the process that asked, as the kernel told it; 0 where an operator asked
///     4  1  role that the installation gives this user; that of the operator's site
///     5  1  1 where the operator that the entry is about made it at a terminal, by the sign-on
///           whose record follows; else 0
///     6  2  zero
public struct Author: Hashable, Sendable, BitwiseCopyable {
  static let byteCount = 8

  public var userIdentifier: UInt32
  public var role: Role
  /// Whether the operator that the entry is about made it, at a terminal.
  public private(set) var isOperatorItself = false

  public init(userIdentifier: UInt32, role: Role) {
    self.userIdentifier = userIdentifier
    self.role = role
  }

  /// The operator that the entry is about, of a site with this role.
  static func operatorItself(_ role: Role) -> Author {
    var author = Author(userIdentifier: 0, role: role)
    author.isOperatorItself = true
    return author
  }

  func write(to output: inout OutputRawSpan) {
    output.put(userIdentifier)
    output.put(role.rawValue)
    output.put(UInt8(isOperatorItself ? 1 : 0))
    output.put(UInt16(0))
  }

  /// Reads it; `nil` when it breaks the layout.
  init?(_ reader: inout RecordReader) {
    guard let userIdentifier: UInt32 = reader.next(), let rawRole: UInt8 = reader.next(),
      let role = Role(rawValue: rawRole), let itself: UInt8 = reader.next(), itself <= 1,
      reader.skipZeros(2), itself == 0 || userIdentifier == 0
    else { return nil }
    self.init(userIdentifier: userIdentifier, role: role)
    isOperatorItself = itself == 1
  }
}
