/// Reads the little-endian fields of a log record's body, one after the other.
///
/// Reading behind the end gives `nil`, which the callers turn into "this record is damaged".
struct RecordReader: ~Escapable {
  private let bytes: RawSpan
  private var offset = 0

  @_lifetime(copy bytes)
  init(_ bytes: RawSpan) { self.bytes = bytes }

  var remainingByteCount: Int { bytes.byteCount - offset }

  mutating func next<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type = Value.self
  ) -> Value? {
    guard remainingByteCount >= MemoryLayout<Value>.size else { return nil }
    let value = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self)
    offset += MemoryLayout<Value>.size
    return Value(littleEndian: value)
  }

  /// Bytes as they stand.
  mutating func nextBytes<let byteCount: Int>() -> InlineArray<byteCount, UInt8>? {
    guard remainingByteCount >= byteCount else { return nil }
    var result = InlineArray<byteCount, UInt8>(repeating: 0)
    for index in 0..<byteCount {
      result[index] = unsafe bytes.unsafeLoad(fromByteOffset: offset + index, as: UInt8.self)
    }
    offset += byteCount
    return result
  }
}

extension OutputRawSpan {
  /// Appends a little-endian integer.
  mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    unsafe append(value.littleEndian, as: Value.self)
  }

  /// Appends the first bytes of an array as they stand.
  mutating func put<let byteCount: Int>(
    _ bytes: InlineArray<byteCount, UInt8>, first count: Int
  ) {
    for index in 0..<count { append(bytes[index]) }
  }
}
