/// A byte has no padding, and any bit pattern is one.
extension RawSpan {
  func array(first count: Int) -> [UInt8] {
    (0..<count).map { unsafe unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
  }
}
