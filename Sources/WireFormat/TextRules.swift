/// What text in a frame may be made of.
enum TextRules {
  /// Whether bytes are well-formed UTF-8 (RFC 3629) without control characters.
  ///
  /// Refused are C0, DEL and C1, and the characters that reorder or break lines on a receipt:
  /// U+061C, U+200E, U+200F, U+2028 to U+202E and U+2066 to U+2069. A character cut by the end of the field is malformed.
  static func isPlainText(_ frame: borrowing FrameView, _ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    while true {
      offset = endOfPrintableASCII(frame, offset..<range.upperBound)
      guard offset < range.upperBound else { return true }
      let lead = frame.byte(at: offset)
      let byteCount: Int
      var scalar: UInt32
      switch lead {
      case 0xC2...0xDF: (byteCount, scalar) = (2, UInt32(lead & 0x1F))
      case 0xE0...0xEF: (byteCount, scalar) = (3, UInt32(lead & 0x0F))
      case 0xF0...0xF4: (byteCount, scalar) = (4, UInt32(lead & 0x07))
      default: return false
      }
      guard offset + byteCount <= range.upperBound else { return false }
      for index in 1..<byteCount {
        let next = frame.byte(at: offset + index)
        guard next & 0xC0 == 0x80 else { return false }
        scalar = scalar << 6 | UInt32(next & 0x3F)
      }
      guard isAllowed(scalar, encodedIn: byteCount) else { return false }
      offset += byteCount
    }
  }

  /// Whether all bytes are from 0x20 to 0x7E.
  static func isPrintableASCII(_ frame: borrowing FrameView, _ range: Range<Int>) -> Bool {
    endOfPrintableASCII(frame, range) == range.upperBound
  }

  /// Where the first byte outside 0x20 to 0x7E stands; the range's end without one.
  ///
  /// Eight bytes at a time: taking 0x20 from a byte below it, or adding 1 to 0x7F, sets the top
  /// bit. A borrow reaches only bytes above one that already fails.
  private static func endOfPrintableASCII(
    _ frame: borrowing FrameView, _ range: Range<Int>
  ) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound {
      let word = frame.word(at: offset)
      guard (word | (word &- 0x20 &* ones) | (word &+ ones)) & (0x80 &* ones) == 0 else { break }
      offset += 8
    }
    while offset < range.upperBound {
      let byte = frame.byte(at: offset)
      guard byte >= 0x20, byte < 0x7F else { break }
      offset += 1
    }
    return offset
  }

  private static func isAllowed(_ scalar: UInt32, encodedIn byteCount: Int) -> Bool {
    switch scalar {
    case 0..<0xA0: false
    case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
    case 0xD800...0xDFFF: false
    case 0...0x7FF: byteCount == 2
    case 0x800...0xFFFF: byteCount == 3
    case 0x1_0000...0x10_FFFF: byteCount == 4
    default: false
    }
  }
}
