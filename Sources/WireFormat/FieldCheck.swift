public import TransactionModel

extension FrameCheck {
  /// The code for what is wrong with a field that is present; `none` when nothing is.
  static func judge(_ rule: FieldRule, in frame: borrowing FrameView) -> ResponseCode {
    switch rule.kind {
    case .any:
      return .none
    case .zero:
      return rule.isZero(in: frame) ? .none : .reservedNotZero
    case .range:
      let value = rule.value(in: frame)
      return rule.lowest <= value && value <= rule.highest ? .none : .valueOutOfRange
    case .county:
      let value = rule.value(in: frame)
      return (1...58).contains(value) || value == 99 ? .none : .valueOutOfRange
    case .bits:
      return rule.value(in: frame) & ~rule.highest == 0 ? .none : .valueOutOfRange
    case .presenceMap:
      return rule.value(in: frame) & ~rule.highest == 0 ? .none : .presenceBitUnknown
    case .date:
      return isDate(rule.value(in: frame)) ? .none : .dateImpossible
    case .dateOrNone:
      let value = rule.value(in: frame)
      return value == 0 || isDate(value) ? .none : .dateImpossible
    case .text:
      return TextRules.isPlainText(frame, rule.range) ? .none : .textMalformed
    case .ascii:
      return TextRules.isPrintableASCII(frame, rule.range) ? .none : .textAlphabet
    case .card:
      return code(for: CardScheme.judge(frame.card(at: rule.range.lowerBound)))
    case .benefitsCard:
      return code(for: CardScheme.benefits.judge(frame.card(at: rule.range.lowerBound)))
    case .cardOrBlank:
      let card = frame.card(at: rule.range.lowerBound)
      return card.isBlank ? .none : code(for: CardScheme.judge(card))
    case .confirmationOrBlank:
      let isKept =
        frame.isFilled(rule.range, with: 0x20)
        || frame.confirmation(at: rule.range.lowerBound) != nil
      return isKept ? .none : .textAlphabet
    case .retroactiveClaim:
      return frame.retroactiveClaim(at: rule.range.lowerBound) != nil ? .none : .valueOutOfRange
    }
  }

  private static func isDate(_ value: UInt64) -> Bool {
    CalendarDate(yyyymmdd: UInt32(truncatingIfNeeded: value)) != nil
  }

  private static func code(for judgement: CardScheme.Judgement) -> ResponseCode {
    switch judgement {
    case .valid: .none
    case .wrongForm: .textAlphabet
    case .wrongCheckDigit: .checkDigitWrong
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
