import Testing
import TransactionModel

@testable import WireFormat

@Suite("An inquiry")
struct InquiryCheckTests {
  @Test(
    "is judged as its layout's rules say, one after the other, whatever is wrong with it",
    arguments: 1...8 as ClosedRange<UInt64>)
  func severalFaults(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let whole = try #require(Self.inquiry)
    var refusals: Set<UInt16> = []
    for turn in 0..<4_000 {
      var bytes = whole
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let range = (Self.fields + [HeaderLayout.flags]).randomElement(using: &generator)?.range
        let value = Self.values.randomElement(using: &generator) ?? 0
        for offset in range ?? 0..<0 where Bool.random(using: &generator) { bytes[offset] = value }
      }
      let (judged, expected) = Self.judge(bytes)
      #expect(judged == expected, "seed \(seed), turn \(turn): \(bytes)")
      if let judged { refusals.insert(judged.fieldNumber) }
    }
    let numbers = Self.fields.filter { Self.hasRule($0) }.map(\.number)
    #expect(
      refusals == Set(numbers + [HeaderLayout.flags.number]),
      "seed \(seed): a field was never named")
  }

  @Test("is judged as its layout's rules say with every two of its fields wrong")
  func everyTwoFields() throws {
    let whole = try #require(Self.inquiry)
    for first in Self.fields {
      for second in Self.fields {
        var bytes = whole
        for offset in [first, second].flatMap(\.range) { bytes[offset] = 0xFF }
        let (judged, expected) = Self.judge(bytes)
        #expect(judged == expected, "\(first.name) and \(second.name)")
      }
    }
  }

  // MARK: Forms

  /// Bytes that a field of numbers, digits or blanks may hold, or just may not.
  private static let values: [UInt8] = [
    0x00, 0x01, 0x02, 0x03, 0x04, 0x20, 0x2F, 0x30, 0x39, 0x3A, 0x40, 0x41, 0x7F, 0x80, 0xFF,
  ]

  /// All but those that are judged before: what kind of frame it is.
  private static let fields =
    HeaderLayout.fields.filter { field in
      ![
        HeaderLayout.frameLength, HeaderLayout.version, HeaderLayout.messageType,
        HeaderLayout.flags,
      ].contains { $0.number == field.number }
    } + InquiryRequestLayout.fields

  /// Whether there is something that the field may not hold.
  private static func hasRule(_ field: Field) -> Bool {
    switch field.content {
    case .number, .opaque: false
    default: true
    }
  }

  private static let inquiry = encoded(
    Sample.header(1),
    .inquiry(
      card: CardScheme.healthAccessNumber(serial: 1_000_000_000_001),
      dateOfService: CalendarDate(trusted: 2026_10_01), purpose: .information))

  /// What is found, and what the rules of the fields find.
  private static func judge(_ bytes: [UInt8]) -> (FormatRefusal?, FormatRefusal?) {
    let frame = FrameView(whole: unsafe bytes.span.bytes)
    var judged: FormatRefusal?
    do throws(FormatRefusal) { _ = try FrameCheck.checkRequest(frame) } catch { judged = error }
    guard frame.flags.rawValue & ~0x3F == 0 else {
      return (judged, FormatRefusal(.flagUnknown, HeaderLayout.flags))
    }
    for rule in fields.map({ FieldRule($0) }) where !FrameCheck.isKept(rule, in: frame) {
      return (judged, FormatRefusal(FrameCheck.code(rule, in: frame), rule.number))
    }
    return (judged, nil)
  }
}
