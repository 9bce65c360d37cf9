public import TransactionModel

/// The rules of the format, applied to a whole frame in the order in which a refusal names them.
///
/// The layouts are the rules' only source: what fields.csv says of a field is what is checked. Which
/// fields a header and an inquiry have is written out, and held against the layouts by a test.
public enum FrameCheck {
  /// Judges a request; the message type when it keeps every rule.
  public static func checkRequest(
    _ frame: borrowing FrameView
  ) throws(FormatRefusal) -> MessageType {
    guard frame.version == HeaderLayout.protocolVersion else {
      throw FormatRefusal(.versionUnknown, HeaderLayout.version)
    }
    // First of all, for nearly all requests are inquiries.
    if frame.rawMessageType == MessageType.inquiry.rawValue {
      try checkInquiry(frame)
      return .inquiry
    }
    guard let type = MessageType(rawValue: frame.rawMessageType) else {
      throw FormatRefusal(.messageTypeUnknown, HeaderLayout.messageType)
    }
    let message = FrameRules.requests.messages[Int(type.rawValue)]
    try checkLengthAndFlags(frame, message.byteCount, message.flags)
    try checkRequestHeader(frame)
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
    try checkLengthAndFlags(frame, message.byteCount, message.flags)
    try check(frame, message.rules, of: FrameRules.replies, message.presenceOffset)
    if type == .last { try checkStoredReply(frame) }
    return type
  }

  private static func checkRefusal(_ frame: borrowing FrameView) throws(FormatRefusal) {
    let message = FrameRules.refusals.messages[Int(MessageType.echo.rawValue)]
    try checkLength(frame, message.byteCount)
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

  @inline(__always)
  private static func checkLength(
    _ frame: borrowing FrameView, _ byteCount: Int
  ) throws(FormatRefusal) {
    guard frame.byteCount == byteCount else {
      throw FormatRefusal(.frameLengthWrong, HeaderLayout.frameLength)
    }
  }

  @inline(__always)
  private static func checkLengthAndFlags(
    _ frame: borrowing FrameView, _ byteCount: Int, _ flags: UInt8
  ) throws(FormatRefusal) {
    try checkLength(frame, byteCount)
    guard frame.flags.rawValue & ~flags == 0 else {
      throw FormatRefusal(.flagUnknown, HeaderLayout.flags)
    }
  }

  /// Judges what of the header is judged in every request beside version, type, length and flags.
  @inline(__always)
  private static func checkRequestHeader(_ frame: borrowing FrameView) throws(FormatRefusal) {
    try checkNumber(HeaderLayout.environment, in: frame)
    try checkNumber(HeaderLayout.responseCode, in: frame)
    try checkNumber(HeaderLayout.traceNumber, in: frame)
    try checkNumber(HeaderLayout.terminal, in: frame)
    try checkNumber(HeaderLayout.transactionTime, in: frame)
    try checkNumber(HeaderLayout.logPosition, in: frame)
  }

  /// Judges an inquiry field by field rather than by the table: with every place and bound a
  /// constant it costs a fifth.
  private static func checkInquiry(_ frame: borrowing FrameView) throws(FormatRefusal) {
    typealias Layout = InquiryRequestLayout
    try checkLengthAndFlags(frame, Layout.byteCount, MessageLayout.changes.rawValue)
    try checkRequestHeader(frame)
    switch CardScheme.judge(frame.card(Layout.card)) {
    case .valid: break
    case .wrongForm: throw FormatRefusal(.textAlphabet, Layout.card)
    case .wrongCheckDigit: throw FormatRefusal(.checkDigitWrong, Layout.card)
    }
    guard CalendarDate(yyyymmdd: frame.number(Layout.dateOfService)) != nil else {
      throw FormatRefusal(.dateImpossible, Layout.dateOfService)
    }
    try checkNumber(Layout.purpose, in: frame)
    try checkNumber(Layout.reserved, in: frame)
  }

  /// Judges a field of at most eight bytes that is a number, reserved or not.
  @inline(__always)
  private static func checkNumber(
    _ field: Field, in frame: borrowing FrameView
  ) throws(FormatRefusal) {
    let place = NumberPlace(field)
    guard field.content.allows(place.value(in: frame)) else {
      throw FormatRefusal(field.content.refusalCode, field)
    }
  }

  /// Judges the fields of a frame of the right length, in the order of their rules.
  private static func check(
    _ frame: borrowing FrameView, _ places: Range<Int>, of book: FrameRules,
    _ presenceOffset: Int
  ) throws(FormatRefusal) {
    let presence =
      presenceOffset > 0 ? frame.bytes.bigEndian(at: presenceOffset, as: UInt64.self) : 0
    let rules = book.rules.span.extracting(places)
    for index in rules.indices { try check(frame, rules, index, presence) }
  }

  /// Judges a field; its rule is asked for where a part of it is needed, so that no more is read.
  @inline(__always)
  private static func check(
    _ frame: borrowing FrameView, _ rules: Span<FieldRule>, _ index: Int, _ presence: UInt64
  ) throws(FormatRefusal) {
    if !rules[index].isAlwaysPresent {
      if rules[index].presenceBit & presence == 0 {
        guard rules[index].isZero(in: frame) else {
          throw FormatRefusal(.absentNotZero, rules[index].number)
        }
        guard !rules[index].isRequired else {
          throw FormatRefusal(.requiredFieldAbsent, rules[index].number)
        }
        return
      }
      if rules[index].isClearing(in: frame) {
        guard rules[index].isClearable else {
          throw FormatRefusal(.clearNotAllowed, rules[index].number)
        }
        return
      }
    }
    guard isKept(rules[index], in: frame) else {
      throw FormatRefusal(code(rules[index], in: frame), rules[index].number)
    }
  }
}
