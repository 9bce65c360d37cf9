extension InlineArray where Element == UInt8 {
  /// The text as UTF-8, padded with spaces; `nil` when it does not fit, is empty or has control
  /// characters.
  public init?(padded text: String) {
    let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard isPlain, !text.isEmpty, text.utf8.count <= Self.count else { return nil }
    self.init(repeating: 0x20)
    for (index, byte) in text.utf8.enumerated() { self[index] = byte }
  }

  /// The text without its padding.
  public var unpadded: String {
    var end = count
    while end > 0, self[end - 1] == 0x20 { end -= 1 }
    return String(decoding: (0..<end).map { self[$0] }, as: UTF8.self)
  }
}
