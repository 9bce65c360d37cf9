public import TransactionModel
import WriteAheadLog

/// What came of an administrator's command.
public enum AuditOutcome: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case done = 0
  case refused = 1
  case notPermitted = 2
  /// Not understood: malformed, or no command.
  case notUnderstood = 3
  /// Not done, for want of room or time.
  case unavailable = 4
  case outcomeUnknown = 5
  /// It is about to be done: what follows may not be told before this is durable.
  case begun = 6
}

/// What an administrator's command was about.
public enum AuditSubject: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case none = 0
  case card = 1
  case site = 2
  case terminal = 3
  case `operator` = 4
  /// A confirmation number: its digits as a number, whatever its kind.
  case confirmation = 5
}

/// An administrator's command: the body of an entry of kind 3.
///
///      0   4  user id of the process that asked, as the kernel told it
///      4   1  role that the installation gives this user; 0 none
///      5   1  outcome
///      6   1  what it was about: 0 nothing, 1 card, 2 site, 3 terminal, 4 operator, 5 confirmation
///      7   1  zero
///      8   8  id of the site, terminal or operator, or the confirmation number; else 0
///     16  16  card; else blank
///     32  40  name of the command, ASCII, padded with spaces
///     72   2  byte count of the reason
///     74      reason, UTF-8, at most 512 bytes
public struct AuditCommand: Hashable, Sendable {
  static let fixedByteCount = 74
  public static let nameByteCountMax = 40
  public static let reasonByteCountMax = 512
  static let byteCountMax = fixedByteCount + reasonByteCountMax

  public var user: UInt32
  public var role: Role?
  public var outcome: AuditOutcome
  public var subject = AuditSubject.none
  public var id: UInt64 = 0
  public var card = CardNumber.blank
  public var name: String
  public var reason = ""

  public init(user: UInt32, role: Role?, name: String, outcome: AuditOutcome) {
    self.user = user
    self.role = role
    self.name = name
    self.outcome = outcome
  }

  func write(to output: inout OutputRawSpan) {
    output.put(user)
    output.put(role?.rawValue ?? 0)
    output.put(outcome.rawValue)
    output.put(subject.rawValue)
    output.put(UInt8(0))
    output.put(id)
    output.put(card.high.byteSwapped)
    output.put(card.low.byteSwapped)
    let name = name.utf8.prefix(Self.nameByteCountMax)
    for byte in name { output.append((0x21...0x7E).contains(byte) ? byte : 0x3F) }
    for _ in name.count..<Self.nameByteCountMax { output.append(0x20) }
    precondition(reason.utf8.count <= Self.reasonByteCountMax, "a reason that nobody bounded")
    output.put(UInt16(reason.utf8.count))
    for byte in reason.utf8 { output.append(byte) }
  }

  /// Reads it; nil when it breaks the layout.
  public init?(_ body: RawSpan) {
    guard body.byteCount >= Self.fixedByteCount, body.integer(at: 7, as: UInt8.self) == 0,
      let outcome = AuditOutcome(rawValue: body.integer(at: 5)),
      let subject = AuditSubject(rawValue: body.integer(at: 6))
    else { return nil }
    let rawRole: UInt8 = body.integer(at: 4)
    role = Role(rawValue: rawRole)
    guard rawRole == 0 || role != nil else { return nil }
    let reasonByteCount = Int(body.integer(at: 72, as: UInt16.self))
    guard body.byteCount == Self.fixedByteCount + reasonByteCount else { return nil }
    user = body.integer(at: 0)
    self.outcome = outcome
    self.subject = subject
    id = body.integer(at: 8)
    card = CardNumber(
      high: body.integer(at: 16, as: UInt64.self).byteSwapped,
      low: body.integer(at: 24, as: UInt64.self).byteSwapped)
    func text(_ range: Range<Int>) -> String {
      String(decoding: range.map { body.integer(at: $0, as: UInt8.self) }, as: UTF8.self)
    }
    var nameEnd = 32 + Self.nameByteCountMax
    while nameEnd > 32, body.integer(at: nameEnd - 1, as: UInt8.self) == 0x20 { nameEnd -= 1 }
    name = text(32..<nameEnd)
    reason = text(Self.fixedByteCount..<body.byteCount)
  }
}
