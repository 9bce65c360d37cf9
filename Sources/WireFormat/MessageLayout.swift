public import TransactionModel

/// The layout of one message in one direction; its fields after the header, in order.
public struct MessageLayout: Sendable {
  /// The message's name in fields.csv.
  public let name: StaticString
  /// The whole frame, header included: a multiple of 8 from 48 to 512.
  public let byteCount: Int
  public let fields: [Field]
  /// The flag bits that may be set.
  public let flags: FrameFlags
  /// Where the presence map stands; `nil` for a message without one.
  public let presence: Field?

  init(
    _ name: StaticString, _ byteCount: Int, _ fields: [Field], flags: FrameFlags,
    presence: Field? = nil
  ) {
    self.name = name
    self.byteCount = byteCount
    self.fields = fields
    self.flags = flags
    self.presence = presence
  }

  /// The field that holds a byte of the frame, header included.
  public func field(at offset: Int) -> Field? {
    (HeaderLayout.fields + fields).first { $0.range.contains(offset) }
  }
}

extension MessageLayout {
  // Numbers, as in the table of SPECIFICATION.md, "Frames": of a list the compiler makes no constant.
  /// Repeat and Spanish.
  private static let session = FrameFlags(rawValue: 0x21)
  /// All that a request may carry.
  static let changes = FrameFlags(rawValue: 0x3F)
  /// All but keyed and batch.
  private static let reversals = FrameFlags(rawValue: 0x2B)

  static let signOnRequest = MessageLayout(
    "sign_on_request", SignOnRequestLayout.byteCount, SignOnRequestLayout.fields, flags: session)
  static let signOffRequest = MessageLayout("sign_off_request", 48, [], flags: session)
  static let echoRequest = MessageLayout("echo_request", 48, [], flags: session)
  static let inquiryRequest = MessageLayout(
    "inquiry_request", InquiryRequestLayout.byteCount, InquiryRequestLayout.fields, flags: changes)
  static let activateRequest = MessageLayout(
    "activate_request", CertifyRequestLayout.byteCount, CertifyRequestLayout.fields,
    flags: changes, presence: CertifyRequestLayout.presence)
  static let recertifyRequest = MessageLayout(
    "recertify_request", CertifyRequestLayout.byteCount, CertifyRequestLayout.fields,
    flags: changes, presence: CertifyRequestLayout.presence)
  static let updateRequest = MessageLayout(
    "update_request", UpdateRequestLayout.byteCount, UpdateRequestLayout.fields,
    flags: changes, presence: UpdateRequestLayout.presence)
  static let deactivateRequest = MessageLayout(
    "deactivate_request", DeactivateRequestLayout.byteCount, DeactivateRequestLayout.fields,
    flags: changes)
  static let reverseRequest = MessageLayout(
    "reverse_request", ReverseRequestLayout.byteCount, ReverseRequestLayout.fields,
    flags: reversals)
  static let lastRequest = MessageLayout(
    "last_request", LastRequestLayout.byteCount, LastRequestLayout.fields, flags: session)

  /// The layout of a request.
  public static func request(_ type: MessageType) -> MessageLayout {
    switch type {
    case .signOn: signOnRequest
    case .signOff: signOffRequest
    case .echo: echoRequest
    case .inquiry: inquiryRequest
    case .activate: activateRequest
    case .recertify: recertifyRequest
    case .update: updateRequest
    case .deactivate: deactivateRequest
    case .reverse: reverseRequest
    case .last: lastRequest
    }
  }
}

extension MessageLayout {
  private static let anyFlag = FrameFlags(rawValue: 0x7F)

  static let signOnReply = MessageLayout(
    "sign_on_reply", SignOnReplyLayout.byteCount, SignOnReplyLayout.fields, flags: anyFlag)
  static let signOffReply = MessageLayout(
    "sign_off_reply", EchoReplyLayout.byteCount, EchoReplyLayout.fields, flags: anyFlag)
  static let echoReply = MessageLayout(
    "echo_reply", EchoReplyLayout.byteCount, EchoReplyLayout.fields, flags: anyFlag)
  static let inquiryReply = MessageLayout(
    "inquiry_reply", InquiryReplyLayout.byteCount, InquiryReplyLayout.fields, flags: anyFlag,
    presence: InquiryReplyLayout.presence)
  static let activateReply = MessageLayout(
    "activate_reply", CertifyReplyLayout.byteCount, CertifyReplyLayout.fields, flags: anyFlag)
  static let recertifyReply = MessageLayout(
    "recertify_reply", CertifyReplyLayout.byteCount, CertifyReplyLayout.fields, flags: anyFlag)
  static let updateReply = MessageLayout(
    "update_reply", UpdateReplyLayout.byteCount, UpdateReplyLayout.fields, flags: anyFlag)
  static let deactivateReply = MessageLayout(
    "deactivate_reply", DeactivateReplyLayout.byteCount, DeactivateReplyLayout.fields,
    flags: anyFlag)
  static let reverseReply = MessageLayout(
    "reverse_reply", ReverseReplyLayout.byteCount, ReverseReplyLayout.fields, flags: anyFlag)
  static let lastReply = MessageLayout(
    "last_reply", LastReplyLayout.byteCount, LastReplyLayout.fields, flags: anyFlag)

  /// A refusal of any request.
  public static let refusal = MessageLayout(
    "refusal", RefusalLayout.byteCount, RefusalLayout.fields, flags: anyFlag)

  /// The layout of a reply that is not a refusal.
  public static func reply(_ type: MessageType) -> MessageLayout {
    switch type {
    case .signOn: signOnReply
    case .signOff: signOffReply
    case .echo: echoReply
    case .inquiry: inquiryReply
    case .activate: activateReply
    case .recertify: recertifyReply
    case .update: updateReply
    case .deactivate: deactivateReply
    case .reverse: reverseReply
    case .last: lastReply
    }
  }
}

extension MessageType {
  /// The length of a reply that is not a refusal: what its layout says, at the price of a constant.
  var replyByteCount: Int {
    switch self {
    case .signOn: SignOnReplyLayout.byteCount
    case .signOff, .echo: EchoReplyLayout.byteCount
    case .inquiry: InquiryReplyLayout.byteCount
    case .activate, .recertify: CertifyReplyLayout.byteCount
    case .update: UpdateReplyLayout.byteCount
    case .deactivate: DeactivateReplyLayout.byteCount
    case .reverse: ReverseReplyLayout.byteCount
    case .last: LastReplyLayout.byteCount
    }
  }

  /// Whether the request names a card, which stands where that of an inquiry does.
  @inlinable
  public var namesCard: Bool {
    switch self {
    case .inquiry, .activate, .recertify, .update, .deactivate: true
    case .signOn, .signOff, .echo, .reverse, .last: false
    }
  }
}
