/// Bytes as spans and back; a byte has no padding, and any bit pattern is one.
extension [UInt8] {
  package var rawBytes: RawSpan {
    @_lifetime(borrow self)
    get { unsafe span.bytes }
  }
}

extension RawSpan {
  /// The first bytes, copied.
  package func array(first count: Int) -> [UInt8] {
    unsafe extracting(first: count).withUnsafeBytes { unsafe Array($0) }
  }
}
