public import TransactionModel

/// Which users of the machine may ask a running daemon, and in what role.
public struct ControlRoles: Hashable, Sendable {
  private let own: UInt32
  private var roles: [UInt32: Role]

  /// Root and the daemon's own user are the office, whatever the lists say; who is in both lists is
  /// the office too.
  public init(own user: UInt32, office: Set<UInt32> = [], helpDesk: Set<UInt32> = []) {
    own = user
    roles = Dictionary(uniqueKeysWithValues: helpDesk.map { ($0, .helpDesk) })
    for user in office.union([0, user]) { roles[user] = .office }
  }

  /// The role of a user; `nil` for one who is not answered.
  public func role(of user: UInt32) -> Role? { roles[user] }

  /// Permission bits of the socket: everybody may connect as soon as others than the daemon's own
  /// user are answered, because the kernel knows no finer rule; who has no role is hung up on.
  public var socketMode: UInt32 {
    roles.keys.contains { $0 != 0 && $0 != own } ? 0o666 : 0o600
  }
}
