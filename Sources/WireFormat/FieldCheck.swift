public import TransactionModel

extension FrameCheck {
  /// Judges one field that is present.
  static func check(_ field: Field, in frame: borrowing FrameView) throws(FormatRefusal) {
    switch field.content {
    case .number, .opaque:
      return
    case .identifier:
      guard frame.anyNumber(field) != 0 else { throw FormatRefusal(.valueOutOfRange, field) }
    case .range(let lowest, let highest):
      let value = frame.anyNumber(field)
      guard lowest <= value, value <= highest else {
        throw FormatRefusal(.valueOutOfRange, field)
      }
    case .county:
      let value = frame.anyNumber(field)
      guard (1...58).contains(value) || value == 99 else {
        throw FormatRefusal(.valueOutOfRange, field)
      }
    case .bits(let mask):
      guard frame.anyNumber(field) & ~mask == 0 else {
        throw FormatRefusal(.valueOutOfRange, field)
      }
    case .date:
      guard CalendarDate(yyyymmdd: frame.number(field)) != nil else {
        throw FormatRefusal(.dateImpossible, field)
      }
    case .dateOrNone:
      let value = frame.number(field, as: UInt32.self)
      guard value == 0 || CalendarDate(yyyymmdd: value) != nil else {
        throw FormatRefusal(.dateImpossible, field)
      }
    case .reserved:
      guard frame.isFilled(field, with: 0) else { throw FormatRefusal(.reservedNotZero, field) }
    case .text:
      guard TextRules.isPlainText(frame, field.range) else {
        throw FormatRefusal(.textMalformed, field)
      }
    case .ascii:
      guard TextRules.isPrintableASCII(frame, field.range) else {
        throw FormatRefusal(.textAlphabet, field)
      }
    case .card, .benefitsCard, .cardOrBlank:
      try checkCard(field, in: frame)
    case .confirmationOrBlank:
      guard frame.isFilled(field, with: 0x20) || frame.confirmation(field) != nil else {
        throw FormatRefusal(.textAlphabet, field)
      }
    case .retroactiveClaim:
      guard frame.retroactiveClaim(at: field.offset) != nil else {
        throw FormatRefusal(.valueOutOfRange, field)
      }
    }
  }

  private static func checkCard(
    _ field: Field, in frame: borrowing FrameView
  ) throws(FormatRefusal) {
    let number = frame.card(field)
    if number.isBlank, case .cardOrBlank = field.content { return }
    let judgement: CardScheme.Judgement
    if case .benefitsCard = field.content {
      judgement = CardScheme.benefits.judge(number)
    } else {
      judgement = CardScheme.judge(number)
    }
    switch judgement {
    case .valid: return
    case .wrongForm: throw FormatRefusal(.textAlphabet, field)
    case .wrongCheckDigit: throw FormatRefusal(.checkDigitWrong, field)
    }
  }
}

extension FrameView {
  /// The claim for one month before certification; `nil` when a value in it has no meaning.
  public func retroactiveClaim(at offset: Int) -> RetroactiveClaim? {
    typealias Layout = RetroactiveClaimLayout
    let flags = byte(at: offset + Layout.flags)
    guard flags & ~RetroactiveClaim.flagsMask == 0,
      let mediCal = MediCalStatus(rawValue: byte(at: offset + Layout.mediCal)),
      let otherCoverage = OtherCoverage(rawValue: byte(at: offset + Layout.otherCoverage))
    else { return nil }
    let familySize = byte(at: offset + Layout.familySize)
    let income = bytes.bigEndian(at: offset + Layout.monthlyIncome, as: UInt32.self)
    guard (1...99).contains(familySize), income <= 99_999_999 else { return nil }
    return RetroactiveClaim(
      flags: flags, mediCal: mediCal, otherCoverage: otherCoverage, familySize: familySize,
      monthlyIncome: income)
  }
}
