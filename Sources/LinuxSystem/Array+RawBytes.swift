extension [UInt8] {
  /// The bytes as a span; a byte has no padding, so nothing unknown is read.
  package var rawBytes: RawSpan {
    @_lifetime(borrow self)
    get { unsafe span.bytes }
  }
}
