import TransactionModel
import WireFormat

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

  /// Passes over bytes that must be zero; `false` when one is not, or the end comes first.
  mutating func skipZeros(_ count: Int) -> Bool {
    for _ in 0..<count {
      guard let byte: UInt8 = next(), byte == 0 else { return false }
    }
    return true
  }

  /// Reads a day that exists, or none; `nil` when it is neither.
  mutating func nextDate() -> CalendarDate? {
    guard let number: UInt32 = next() else { return nil }
    return number == 0 ? CalendarDate.none : CalendarDate(yyyymmdd: number)
  }

  /// A card number as on the wire.
  mutating func nextCard() -> CardNumber? {
    guard let high: UInt64 = next(), let low: UInt64 = next() else { return nil }
    return CardNumber(high: high.byteSwapped, low: low.byteSwapped)
  }

  /// Bytes as they stand.
  mutating func nextBytes<let byteCount: Int>() -> InlineArray<byteCount, UInt8>? {
    guard remainingByteCount >= byteCount else { return nil }
    let result = unsafe bytes.unsafeLoadUnaligned(
      fromByteOffset: offset, as: InlineArray<byteCount, UInt8>.self)
    offset += byteCount
    return result
  }

  /// So many bytes as they stand.
  mutating func nextBytes(count: Int) -> [UInt8]? {
    guard count >= 0, remainingByteCount >= count else { return nil }
    let result = (0..<count).map {
      unsafe bytes.unsafeLoad(fromByteOffset: offset + $0, as: UInt8.self)
    }
    offset += count
    return result
  }
}

extension OutputRawSpan {
  /// Appends a little-endian integer.
  mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value) {
    unsafe append(value.littleEndian, as: Value.self)
  }

  /// Appends bytes as they stand.
  mutating func put<let byteCount: Int>(_ bytes: InlineArray<byteCount, UInt8>) {
    unsafe append(bytes, as: InlineArray<byteCount, UInt8>.self)
  }

  /// Appends the first elements of an array as they lie in memory.
  mutating func put<let elementCount: Int, Element: BitwiseCopyable>(
    _ elements: InlineArray<elementCount, Element>, first count: Int
  ) {
    let source = unsafe elements.span.bytes.extracting(first: count * MemoryLayout<Element>.stride)
    precondition(source.byteCount <= freeCapacity, "no room for the elements")
    unsafe withUnsafeMutableBytes { region, initializedCount in
      let target = unsafe UnsafeMutableRawBufferPointer(
        rebasing: region[initializedCount..<initializedCount + source.byteCount])
      unsafe source.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
      initializedCount += source.byteCount
    }
  }

  /// Appends a card number as on the wire.
  mutating func put(_ card: CardNumber) {
    put(card.high.byteSwapped)
    put(card.low.byteSwapped)
  }
}

extension InlineArray<216, UInt8> {
  /// Shows all bytes, as little-endian words, each with its place.
  func forEachWord(_ body: (Int, UInt64) -> Void) {
    let bytes = unsafe span.bytes
    for place in 0..<count / 8 {
      let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: place * 8, as: UInt64.self)
      body(place, UInt64(littleEndian: word))
    }
  }

  /// Sets all bytes, by little-endian words.
  mutating func setWords(_ word: (Int) -> UInt64) {
    var elements = mutableSpan
    var bytes = unsafe elements.mutableBytes
    for place in 0..<count / 8 {
      bytes.storeBytes(of: word(place).littleEndian, toByteOffset: place * 8, as: UInt64.self)
    }
  }
}

extension InlineArray<160, UInt8> {
  /// Writes the number in a field of a frame.
  mutating func put<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, _ field: Field) {
    precondition(MemoryLayout<Value>.size == field.byteCount, "a field of another size")
    store(value.bigEndian, at: field.offset)
  }

  /// Writes bytes as they lie in memory.
  mutating func store<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    var elements = mutableSpan
    var bytes = unsafe elements.mutableBytes
    bytes.storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }
}
