import Testing
import TransactionModel

@testable import WireFormat

@Suite("The text of a field")
struct TextRulesTests {
  /// Judges text in a field of eight bytes at each place where it fits.
  private func isPlain(_ text: [UInt8], at offset: Int = 0, in byteCount: Int = 8) -> Bool {
    var frame = [UInt8](repeating: 0x20, count: HeaderLayout.byteCount + byteCount)
    frame.replaceSubrange(48 + offset..<48 + offset + text.count, with: text)
    var buffer = FrameBuffer()
    buffer.copy(frame, paddedTo: frame.count)
    return TextRules.isPlainText(buffer.frame, 48..<48 + byteCount)
  }

  /// What the standard library and the list of refused characters say.
  private func isExpectedPlain(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0..<0x20, 0x7F..<0xA0: false
      case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: false
      default: true
      }
    }
  }

  @Test("is judged as UTF-8 without controls for every one and two bytes")
  func short() {
    var wrong: [[UInt8]] = []
    for first in UInt8.min...UInt8.max {
      if isPlain([first]) != isExpectedPlain([first]) { wrong.append([first]) }
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second]
        if isPlain(bytes) != isExpectedPlain(bytes) { wrong.append(bytes) }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  /// Each byte at which some rule of UTF-8 or of the alphabet begins or ends.
  private static let edges: [UInt8] = [
    0x00, 0x1F, 0x20, 0x7E, 0x7F, 0x80, 0x81, 0x8D, 0x8E, 0x8F, 0x90, 0x9C, 0x9F, 0xA0, 0xA5,
    0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xAE, 0xAF, 0xBE, 0xBF, 0xC0, 0xC1, 0xC2, 0xD8, 0xDF, 0xE0,
    0xE1, 0xE2, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF,
  ]

  @Test("is judged alike for every three bytes at the edges of the rules")
  func three() {
    var wrong: [[UInt8]] = []
    for first in Self.edges {
      for second in Self.edges {
        for third in Self.edges {
          let bytes = [first, second, third]
          if isPlain(bytes) != isExpectedPlain(bytes) { wrong.append(bytes) }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test(
    "is judged alike for four bytes at the edges of the rules",
    arguments: 0xEF...0xF5 as ClosedRange<UInt8>)
  func four(first: UInt8) {
    let continuations: [UInt8] = [0x7F, 0x80, 0x8F, 0x90, 0xBF, 0xC0]
    var wrong: [[UInt8]] = []
    for second in Self.edges {
      for third in continuations {
        for fourth in continuations {
          let bytes = [first, second, third, fourth]
          if isPlain(bytes) != isExpectedPlain(bytes) { wrong.append(bytes) }
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  @Test(
    "is judged alike at every place of fields of 1 to 24 bytes",
    arguments: ["é", "\u{202E}", "𝔸", "\u{7F}", "\n", "\u{85}", "~", "A"])
  func places(text: String) {
    let bytes = Array(text.utf8)
    for byteCount in stride(from: 8, through: 24, by: 8) {
      for offset in 0...(byteCount - bytes.count) {
        #expect(isPlain(bytes, at: offset, in: byteCount) == isExpectedPlain(bytes))
      }
    }
  }

  @Test("is malformed when the end of the field cuts a character", arguments: ["é", "–", "𝔸"])
  func cut(text: String) {
    let bytes = Array(text.utf8)
    for count in 1..<bytes.count {
      #expect(!isPlain(Array(bytes.prefix(count)), at: 8 - count))
    }
  }

  @Test("is printable ASCII when every byte is, at every place and for every byte")
  func ascii() {
    var frame = [UInt8](repeating: 0x41, count: 72)
    var buffer = FrameBuffer()
    var wrong: [String] = []
    for offset in 48..<68 {
      for byte in UInt8.min...UInt8.max {
        frame[offset] = byte
        buffer.copy(frame, paddedTo: 72)
        let isPrintable = TextRules.isPrintableASCII(buffer.frame, 48..<68)
        if isPrintable != (0x20...0x7E).contains(byte) { wrong.append("\(byte) at \(offset)") }
      }
      frame[offset] = 0x41
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }
}
