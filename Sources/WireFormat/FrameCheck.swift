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
    let message = FrameRules.requests.messages[Int(type.rawValue)]
    try checkLengthAndFlags(frame, message)
    try check(frame, message.rules, of: FrameRules.requests, message.presenceOffset)
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
    let message = FrameRules.replies.messages[Int(type.rawValue)]
    try checkLengthAndFlags(frame, message)
    try check(frame, message.rules, of: FrameRules.replies, message.presenceOffset)
    if type == .last { try checkStoredReply(frame) }
    return type
  }

  private static func checkRefusal(_ frame: borrowing FrameView) throws(FormatRefusal) {
    let message = FrameRules.refusals.messages[Int(MessageType.echo.rawValue)]
    try checkLength(frame, message)
    try check(frame, message.rules, of: FrameRules.refusals, message.presenceOffset)
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
    _ frame: borrowing FrameView, _ message: FrameRules.Message
  ) throws(FormatRefusal) {
    guard frame.byteCount == message.byteCount else {
      throw FormatRefusal(.frameLengthWrong, HeaderLayout.frameLength)
    }
  }

  private static func checkLengthAndFlags(
    _ frame: borrowing FrameView, _ message: FrameRules.Message
  ) throws(FormatRefusal) {
    try checkLength(frame, message)
    guard frame.flags.rawValue & ~message.flags == 0 else {
      throw FormatRefusal(.flagUnknown, HeaderLayout.flags)
    }
  }

  /// Judges the fields of a frame of the right length, in the order of their rules.
  private static func check(
    _ frame: borrowing FrameView, _ places: Range<Int>, of book: FrameRules,
    _ presenceOffset: Int
  ) throws(FormatRefusal) {
    let presence =
      presenceOffset > 0 ? frame.bytes.bigEndian(at: presenceOffset, as: UInt64.self) : 0
    for place in places {
      try check(frame, book.rules[place], presence)
    }
  }

  @inline(__always)
  private static func check(
    _ frame: borrowing FrameView, _ rule: FieldRule, _ presence: UInt64
  ) throws(FormatRefusal) {
    if !rule.isAlwaysPresent {
      if rule.presenceBit & presence == 0 {
        guard rule.isZero(in: frame) else { throw FormatRefusal(.absentNotZero, rule.number) }
        guard !rule.isRequired else { throw FormatRefusal(.requiredFieldAbsent, rule.number) }
        return
      }
      if rule.isClearing(in: frame) {
        guard rule.isClearable else { throw FormatRefusal(.clearNotAllowed, rule.number) }
        return
      }
    }
    guard isKept(rule, in: frame) else {
      throw FormatRefusal(code(rule, in: frame), rule.number)
    }
  }
}
