public import TransactionModel

extension FrameCheck {
  /// Whether a field that is present has a value that it may have.
  ///
  /// Inlined with all that takes a rule: the rule then stays where it lies in the book, and only
  /// what its kind needs of it is read.
  @inline(__always)
  static func isKept(_ rule: FieldRule, in frame: borrowing FrameView) -> Bool {
    switch rule.kind {
    case .number: return rule.allows(rule.value(in: frame))
    case .zeros: return frame.isFilled(rule.range, with: 0)
    case .opaque: return true
    case .county:
      let value = rule.value(in: frame)
      return (1...58).contains(value) || value == 99
    case .date: return isDate(rule.value(in: frame))
    case .dateOrNone:
      let value = rule.value(in: frame)
      return value == 0 || isDate(value)
    case .text: return TextRules.isPlainText(frame, rule.range)
    case .ascii: return TextRules.isPrintableASCII(frame, rule.range)
    case .card: return CardScheme.judge(frame.card(at: rule.offset)) == .valid
    case .benefitsCard: return CardScheme.benefits.judge(frame.card(at: rule.offset)) == .valid
    case .cardOrBlank:
      let card = frame.card(at: rule.offset)
      return card.isBlank || CardScheme.judge(card) == .valid
    case .confirmationOrBlank:
      return frame.isFilled(rule.range, with: 0x20) || frame.confirmation(at: rule.offset) != nil
    case .retroactiveClaim: return frame.retroactiveClaim(at: rule.offset) != nil
    }
  }

  /// What is wrong with a field whose rule is not kept.
  @inline(__always)
  static func code(_ rule: FieldRule, in frame: borrowing FrameView) -> ResponseCode {
    switch rule.kind {
    case .card, .cardOrBlank:
      CardScheme.judge(frame.card(at: rule.offset)) == .wrongCheckDigit
        ? .checkDigitWrong : rule.code
    default: rule.code
    }
  }

  private static func isDate(_ value: UInt64) -> Bool {
    CalendarDate(yyyymmdd: UInt32(truncatingIfNeeded: value)) != nil
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
