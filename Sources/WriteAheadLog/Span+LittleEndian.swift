extension RawSpan {
  /// Loads a little-endian integer; the offset need not be aligned, and is checked.
  ///
  /// The module's only unsafe load: every bit pattern is a value of a fixed-width integer.
  @inline(__always)
  package func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Value.Type = Value.self
  ) -> Value {
    Value(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  /// Whether every byte of a range is zero.
  package func isZero(in range: Range<Int>) -> Bool { firstNonZero(in: range) == nil }

  /// The offset of the first byte of a range that is not zero.
  func firstNonZero(in range: Range<Int>) -> Int? {
    var offset = range.lowerBound
    while offset + 32 <= range.upperBound, words(at: offset) == 0 { offset += 32 }
    while offset + 8 <= range.upperBound, integer(at: offset, as: UInt64.self) == 0 { offset += 8 }
    while offset < range.upperBound {
      if integer(at: offset, as: UInt8.self) != 0 { return offset }
      offset += 1
    }
    return nil
  }

  /// Four words in one: zero when all of 32 bytes are.
  @inline(__always)
  private func words(at offset: Int) -> UInt64 {
    integer(at: offset) | integer(at: offset + 8) | integer(at: offset + 16)
      | integer(at: offset + 24)
  }

  /// The offset behind the last byte of a range that is not zero.
  func endOfNonZero(in range: Range<Int>) -> Int? {
    var end = range.upperBound
    while end - 32 >= range.lowerBound, words(at: end - 32) == 0 { end -= 32 }
    while end - 8 >= range.lowerBound, integer(at: end - 8, as: UInt64.self) == 0 { end -= 8 }
    while end > range.lowerBound {
      if integer(at: end - 1, as: UInt8.self) != 0 { return end }
      end -= 1
    }
    return nil
  }
}

extension MutableRawSpan {
  /// Stores a little-endian integer; the offset need not be aligned, and is checked.
  @inline(__always)
  mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
  }

  mutating func storeZeros(in range: Range<Int>) {
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound {
      store(UInt64(0), at: offset)
      offset += 8
    }
    while offset < range.upperBound {
      store(UInt8(0), at: offset)
      offset += 1
    }
  }
}

extension OutputRawSpan {
  /// Appends a little-endian integer.
  @inlinable
  package mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    unsafe append(value.littleEndian, as: Value.self)
  }
}

extension Int {
  /// The next multiple of a power of two.
  func roundedUp(to alignment: Int) -> Int { (self + alignment - 1) & ~(alignment - 1) }

  func roundedDown(to alignment: Int) -> Int { self & ~(alignment - 1) }
}
