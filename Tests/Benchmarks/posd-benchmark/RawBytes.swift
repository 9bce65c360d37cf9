import LinuxSystem
import TransactionModel

extension RawSpan {
  func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// What stands before the first line end, at most 80 bytes of it: a server's words of regret.
  var firstLine: String {
    var bytes: [UInt8] = []
    for offset in 0..<Swift.min(byteCount, 80) {
      guard byte(at: offset) != UInt8(ascii: "\r") else { break }
      bytes.append(byte(at: offset))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension FileBuffer {
  mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(
    bigEndian value: Value, at offset: Int
  ) {
    var bytes = mutableBytes
    bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
  }

  /// Sixteen bytes.
  mutating func store(_ card: CardNumber, at offset: Int) {
    store(bigEndian: card.high, at: offset)
    store(bigEndian: card.low, at: offset + 8)
  }

  mutating func store(_ source: [UInt8], at offset: Int) {
    for (index, byte) in source.enumerated() { store(bigEndian: byte, at: offset + index) }
  }

  /// Copies some bytes to the front.
  mutating func moveToFront(_ range: Range<Int>) {
    for (index, offset) in range.enumerated() {
      store(bigEndian: bytes.byte(at: offset), at: index)
    }
  }
}
