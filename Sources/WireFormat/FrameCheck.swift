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
    guard let type = MessageType(rawValue: frame.rawMessageType) else {
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
  ///
  /// Of a refusal's header only code and length are judged: the rest repeats the request, which
  /// may be just what is wrong with it.
  public static func checkReply(_ frame: borrowing FrameView) throws(FormatRefusal) -> MessageType?
  {
    guard frame.rawMessageType & MessageType.replyBit != 0 else {
      throw FormatRefusal(.messageTypeUnknown, HeaderLayout.messageType)
    }
    guard frame.responseCode.responseClass != .unknown else {
      throw FormatRefusal(.valueOutOfRange, HeaderLayout.responseCode)
    }
    if frame.responseCode.isRefusal {
      try checkRefusal(frame)
      return frame.messageType
    }
    guard frame.version == HeaderLayout.protocolVersion else {
      throw FormatRefusal(.versionUnknown, HeaderLayout.version)
    }
    guard let type = frame.messageType else {
      throw FormatRefusal(.messageTypeUnknown, HeaderLayout.messageType)
    }
    let layout = MessageLayout.reply(type)
    try checkLength(frame, layout)
    try checkFlags(frame, layout)
    try check(HeaderLayout.environment, in: frame)
    try check(HeaderLayout.traceNumber, in: frame)
    try check(HeaderLayout.terminal, in: frame)
    try check(HeaderLayout.transactionTime, in: frame)
    try checkBody(frame, layout)
    if type == .last { try checkStoredReply(frame) }
    return type
  }

  private static func checkRefusal(_ frame: borrowing FrameView) throws(FormatRefusal) {
    try checkLength(frame, .refusal)
    try checkBody(frame, .refusal)
    // The class restates the code's range, for terminals that read nothing else.
    guard frame.number(RefusalLayout.responseClass) == frame.responseCode.responseClass.rawValue
    else { throw FormatRefusal(.valueOutOfRange, RefusalLayout.responseClass) }
  }

  /// Judges how much of the room for a stored reply is used: nothing, or as much as a frame.
  private static func checkStoredReply(_ frame: borrowing FrameView) throws(FormatRefusal) {
    typealias Layout = LastReplyLayout
    let byteCount = Int(frame.number(Layout.storedByteCount, as: UInt16.self))
    guard
      byteCount == 0
        || byteCount >= HeaderLayout.frameByteCountMin
          && byteCount % HeaderLayout.frameByteCountStep == 0
    else { throw FormatRefusal(.valueOutOfRange, Layout.storedByteCount) }
    let unused = (Layout.storedReply.offset + byteCount)..<Layout.storedReply.range.upperBound
    for offset in unused where frame.byte(at: offset) != 0 {
      throw FormatRefusal(.absentNotZero, Layout.storedReply)
    }
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
    for index in layout.fields.indices {
      let field = layout.fields[index]
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
    guard frame.isFilled(field, with: 0) else { throw FormatRefusal(.absentNotZero, field) }
    guard !field.isRequired else { throw FormatRefusal(.requiredFieldAbsent, field) }
  }

  /// Whether a present field holds the value that takes it away: blank, or all ones.
  private static func isClearing(_ field: Field, in frame: borrowing FrameView) -> Bool {
    if case .retroactiveClaim = field.content { return false }
    return frame.isFilled(field, with: field.content.isText ? 0x20 : 0xFF)
  }
}
