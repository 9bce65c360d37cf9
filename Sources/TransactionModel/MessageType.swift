/// What a request asks for; a reply carries the same number with the top bit set.
public enum MessageType: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case signOn = 0x01
  case signOff = 0x02
  case echo = 0x03
  case inquiry = 0x10
  case activate = 0x20
  case recertify = 0x21
  case update = 0x22
  case deactivate = 0x23
  case reverse = 0x30
  case last = 0x31

  /// Set in the type byte of every reply.
  public static let replyBit: UInt8 = 0x80

  /// Whether the message alters records whatever its body says.
  ///
  /// An inquiry to verify or to re-affirm counts as a change too: see `InquiryPurpose`.
  @inlinable
  public var isChange: Bool {
    switch self {
    case .activate, .recertify, .update, .deactivate, .reverse: true
    case .signOn, .signOff, .echo, .inquiry, .last: false
    }
  }
}
