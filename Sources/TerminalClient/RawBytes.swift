/// Spans read byte by byte: the module's only unsafe expressions.
///
/// A byte has no padding and any bit pattern is one; offsets are checked against the span.
extension RawSpan {
  func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}

extension MutableRawSpan {
  /// Moves the bytes of a range to the front.
  @_lifetime(self: copy self)
  mutating func moveToFront(_ range: Range<Int>) {
    for offset in range {
      let byte = unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      storeBytes(of: byte, toByteOffset: offset - range.lowerBound, as: UInt8.self)
    }
  }
}
