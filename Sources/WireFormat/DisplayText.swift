public import TransactionModel

/// What a terminal shows: two lines of 20 bytes of printable ASCII, padded with spaces.
public struct DisplayText: Sendable, BitwiseCopyable {
  public static let lineByteCount = 20

  /// Both lines, one behind the other, as they stand in a frame.
  private(set) var characters: InlineArray<40, UInt8>
  /// Where among them `YYYY-MM-DD` stands, in the second line; negative: nowhere.
  private(set) var datePlace: Int8 = -1

  /// Takes lines of at most 20 characters of printable ASCII; longer ones are a defect of the
  /// code table.
  public init(_ first: StaticString, _ second: StaticString) {
    characters = InlineArray(repeating: 0x20)
    put(first, at: 0)
    put(second, at: Self.lineByteCount)
    let last = 2 * Self.lineByteCount - Self.datePlaceByteCount
    for start in Self.lineByteCount...last where isDatePlace(at: start) {
      datePlace = Int8(start)
    }
  }

  private mutating func put(_ text: StaticString, at start: Int) {
    let bytes = text.description.utf8
    precondition(bytes.count <= Self.lineByteCount, "a display line has 20 characters")
    for (index, byte) in bytes.enumerated() { characters[start + index] = byte }
  }

  public var line1: InlineArray<20, UInt8> { InlineArray { characters[$0] } }
  public var line2: InlineArray<20, UInt8> {
    InlineArray { characters[Self.lineByteCount + $0] }
  }

  /// The second line with `YYYY-MM-DD` in it replaced by a date; unchanged without such a place.
  ///
  /// Without a date there is nothing to say about it: a line that has a place for one becomes blank.
  public func showing(_ date: CalendarDate) -> DisplayText {
    guard datePlace >= 0 else { return self }
    var shown = self
    shown.datePlace = -1
    guard !date.isNone else {
      for index in Self.lineByteCount..<2 * Self.lineByteCount { shown.characters[index] = 0x20 }
      return shown
    }
    for (index, byte) in date.description.utf8.enumerated() {
      shown.characters[Int(datePlace) + index] = byte
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
      guard characters[start + index] == expected else { return false }
    }
    return true
  }
}

extension CalendarDate {
  /// The eight ASCII digits of `YYYYMMDD`, the first in the lowest byte.
  ///
  /// All at once, in lanes of one word: four digits in each, then two, then one. What a lane holds
  /// times 5243 / 2^19 or 103 / 2^10 is a hundredth or a tenth of it, rounded down.
  @inline(__always)
  var digits: UInt64 {
    let fours = UInt64(year) | UInt64(yyyymmdd &- year &* 10_000) << 32
    let hundreds = (fours &* 5_243) >> 19 & 0x0000_007F_0000_007F
    let twos = hundreds | (fours &- hundreds &* 100) << 16
    let tens = (twos &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (twos &- tens &* 10) << 8 | 0x3030_3030_3030_3030
  }
}
