public import TransactionModel

/// What a terminal shows: two lines of 20 bytes of printable ASCII, padded with spaces.
public struct DisplayText: Sendable, BitwiseCopyable {
  public static let lineByteCount = 20

  public private(set) var line1: InlineArray<20, UInt8>
  public private(set) var line2: InlineArray<20, UInt8>
  /// Where in the second line `YYYY-MM-DD` stands; negative: nowhere.
  private var datePlace: Int8 = -1

  /// Takes lines of at most 20 characters of printable ASCII; longer ones are a defect of the
  /// code table.
  public init(_ first: StaticString, _ second: StaticString) {
    line1 = Self.line(first)
    line2 = Self.line(second)
    for start in 0...(Self.lineByteCount - Self.datePlaceByteCount) where isDatePlace(at: start) {
      datePlace = Int8(start)
    }
  }

  private static func line(_ text: StaticString) -> InlineArray<20, UInt8> {
    var line = InlineArray<20, UInt8>(repeating: 0x20)
    let bytes = text.description.utf8
    precondition(bytes.count <= lineByteCount, "a display line has 20 characters")
    for (index, byte) in bytes.enumerated() { line[index] = byte }
    return line
  }

  /// The second line with `YYYY-MM-DD` in it replaced by a date; unchanged without such a place.
  ///
  /// Without a date there is nothing to say about it: a line that has a place for one becomes blank.
  public func showing(_ date: CalendarDate) -> DisplayText {
    guard datePlace >= 0 else { return self }
    var shown = self
    shown.datePlace = -1
    guard !date.isNone else {
      shown.line2 = InlineArray(repeating: 0x20)
      return shown
    }
    var value = date.yyyymmdd
    var index = Self.datePlaceByteCount
    while index > 0 {
      index -= 1
      // The hyphens stand already.
      if index == 4 || index == 7 { continue }
      shown.line2[Int(datePlace) + index] = UInt8(value % 10) + 0x30
      value /= 10
    }
    return shown
  }

  private static let datePlaceByteCount = 10

  private func isDatePlace(at start: Int) -> Bool {
    for index in 0..<Self.datePlaceByteCount {
      let expected: UInt8 =
        switch index {
        case 0...3: 0x59
        case 5, 6: 0x4D
        case 8, 9: 0x44
        default: 0x2D
        }
      guard line2[start + index] == expected else { return false }
    }
    return true
  }
}
