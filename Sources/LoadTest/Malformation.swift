import TransactionModel
import WireFormat

/// What is wrong with a frame that has to be refused: one rule of the format, in an inquiry.
///
/// Frames that end the connection are not among them.
enum Malformation: CaseIterable {
  case unknownVersion
  case unknownType
  case unknownFlag
  case responseCodeInRequest
  case dateThatIsNoDay
  case purposeOutOfRange
  case wrongCheckDigit

  /// The refusal that has to come: code, and number of the field (SPECIFICATION.md, 6.1).
  var refusal: (code: ResponseCode, field: Field) {
    switch self {
    case .unknownVersion: (.versionUnknown, HeaderLayout.version)
    case .unknownType: (.messageTypeUnknown, HeaderLayout.messageType)
    case .unknownFlag: (.flagUnknown, HeaderLayout.flags)
    case .responseCodeInRequest: (.reservedNotZero, HeaderLayout.responseCode)
    case .dateThatIsNoDay: (.dateImpossible, InquiryRequestLayout.dateOfService)
    case .purposeOutOfRange: (.valueOutOfRange, InquiryRequestLayout.purpose)
    case .wrongCheckDigit: (.checkDigitWrong, InquiryRequestLayout.card)
    }
  }

  /// Breaks a well-formed inquiry.
  func apply(to frame: inout FrameBuffer) {
    switch self {
    case .unknownVersion: frame.set(HeaderLayout.version, UInt8(99))
    case .unknownType: frame.set(HeaderLayout.messageType, UInt8(0x7E))
    case .unknownFlag: frame.set(HeaderLayout.flags, UInt8(0x80))
    case .responseCodeInRequest: frame.set(HeaderLayout.responseCode, UInt16(1))
    case .dateThatIsNoDay: frame.set(InquiryRequestLayout.dateOfService, UInt32(2026_02_30))
    case .purposeOutOfRange: frame.set(InquiryRequestLayout.purpose, UInt8(9))
    case .wrongCheckDigit:
      let number = InquiryRequestView(frame.frame).card
      // The last of the fourteen digits, two places of padding before the end of the word.
      let digit = (number.low >> 16 & 0xF + 1) % 10
      let low = number.low & ~0xFF_0000 | (0x30 + digit) << 16
      frame.set(InquiryRequestLayout.card, CardNumber(high: number.high, low: low))
    }
  }
}
