public import TransactionModel

/// The rules of the format, applied to a whole frame in the order in which a refusal names them.
///
/// The layouts are the rules' only source: what fields.csv says of a field is what is checked.
public enum FrameCheck {
  /// Judges a request; the message type when it keeps every rule.
  public static func checkRequest(
    _ frame: borrowing FrameView
  ) throws(FormatRefusal) -> MessageType {
    guard frame.version == HeaderLayout.protocolVersion else {
      throw FormatRefusal(.versionUnknown, HeaderLayout.version)
    }
    guard let type = frame.messageType else {
      throw FormatRefusal(.messageTypeUnknown, HeaderLayout.messageType)
    }
    let layout = MessageLayout.request(type)
    try checkLength(frame, layout)
    try checkFlags(frame, layout)
    try check(HeaderLayout.environment, in: frame)
    try check(HeaderLayout.responseCode, in: frame)
    try check(HeaderLayout.traceNumber, in: frame)
    try check(HeaderLayout.terminal, in: frame)
    try check(HeaderLayout.transactionTime, in: frame)
    try check(HeaderLayout.logPosition, in: frame)
    try checkBody(frame, layout)
    return type
  }

  /// Judges a reply or a refusal; the type of the request that it answers, when that is known.
  public static func checkReply(_ frame: borrowing FrameView) throws(FormatRefusal) -> MessageType?
  {
    guard frame.version == HeaderLayout.protocolVersion || frame.responseCode.isRefusal else {
      throw FormatRefusal(.versionUnknown, HeaderLayout.version)
    }
    guard frame.responseCode.responseClass != .unknown else {
      throw FormatRefusal(.valueOutOfRange, HeaderLayout.responseCode)
    }
    let type = frame.messageType
    if frame.responseCode.isRefusal {
      try checkLength(frame, .refusal)
      try checkBody(frame, .refusal)
      return type
    }
    guard let type else { throw FormatRefusal(.messageTypeUnknown, HeaderLayout.messageType) }
    let layout = MessageLayout.reply(type)
    try checkLength(frame, layout)
    try checkFlags(frame, layout)
    try check(HeaderLayout.environment, in: frame)
    try check(HeaderLayout.traceNumber, in: frame)
    try check(HeaderLayout.terminal, in: frame)
    try checkBody(frame, layout)
    return type
  }

  private static func checkLength(
    _ frame: borrowing FrameView, _ layout: MessageLayout
  ) throws(FormatRefusal) {
    guard frame.byteCount == layout.byteCount else {
      throw FormatRefusal(.frameLengthWrong, HeaderLayout.frameLength)
    }
  }

  private static func checkFlags(
    _ frame: borrowing FrameView, _ layout: MessageLayout
  ) throws(FormatRefusal) {
    guard layout.flags.isSuperset(of: frame.flags) else {
      throw FormatRefusal(.flagUnknown, HeaderLayout.flags)
    }
  }

  private static func checkBody(
    _ frame: borrowing FrameView, _ layout: MessageLayout
  ) throws(FormatRefusal) {
    var presence = UInt64.max
    if let field = layout.presence {
      presence = frame.number(field)
      guard case .bits(let mask) = field.content, presence & ~mask == 0 else {
        throw FormatRefusal(.presenceBitUnknown, field)
      }
    }
    for field in layout.fields {
      if let bit = field.presenceBit, presence & (1 << UInt64(bit)) == 0 {
        try checkAbsent(field, in: frame)
      } else if field.presenceBit != nil, isClearing(field, in: frame) {
        guard field.isClearable else { throw FormatRefusal(.clearNotAllowed, field) }
      } else {
        try check(field, in: frame)
      }
    }
  }

  private static func checkAbsent(
    _ field: Field, in frame: borrowing FrameView
  ) throws(FormatRefusal) {
    guard isFilled(field, with: 0, in: frame) else { throw FormatRefusal(.absentNotZero, field) }
    guard !field.isRequired else { throw FormatRefusal(.requiredFieldAbsent, field) }
  }

  /// Whether a present field holds the value that takes it away: blank, or all ones.
  private static func isClearing(_ field: Field, in frame: borrowing FrameView) -> Bool {
    if case .retroactiveClaim = field.content { return false }
    return isFilled(field, with: field.content.isText ? 0x20 : 0xFF, in: frame)
  }

  private static func isFilled(
    _ field: Field, with byte: UInt8, in frame: borrowing FrameView
  ) -> Bool {
    for offset in field.range where frame.byte(at: offset) != byte { return false }
    return true
  }
}
