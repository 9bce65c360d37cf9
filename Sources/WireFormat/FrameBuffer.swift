public import TransactionModel

/// Room for one frame under construction, written field by field; reused, never reallocated.
public struct FrameBuffer: ~Copyable, Sendable {
  @usableFromInline var storage: InlineArray<512, UInt8>
  public private(set) var byteCount: Int

  public init() {
    storage = InlineArray(repeating: 0)
    byteCount = 0
  }

  /// The frame so far.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get { unsafe storage.span.bytes.extracting(first: byteCount) }
  }

  /// The frame so far, as a view.
  public var frame: FrameView {
    @_lifetime(borrow self)
    get { FrameView(whole: bytes) }
  }

  public func byte(at offset: Int) -> UInt8 { storage.span[offset] }

  /// The bytes behind the header, as many as are kept of a reply for repeats; zero behind its end.
  public var storedBody: InlineArray<112, UInt8> {
    unsafe storage.span.bytes.unsafeLoadUnaligned(
      fromByteOffset: HeaderLayout.byteCount, as: InlineArray<112, UInt8>.self)
  }

  /// Begins a frame of `byteCount` zero bytes.
  mutating func begin(_ byteCount: Int) {
    precondition(
      byteCount >= HeaderLayout.frameByteCountMin && byteCount <= HeaderLayout.frameByteCountMax
        && byteCount % HeaderLayout.frameByteCountStep == 0,
      "a frame's length is a multiple of 8 from 48 to 512")
    storage = InlineArray(repeating: 0)
    self.byteCount = byteCount
    set(HeaderLayout.frameLength, UInt16(byteCount))
  }

  /// Begins a reply: the request's header byte for byte, but for length, type bit and code.
  mutating func begin(
    _ byteCount: Int, replyingTo request: borrowing FrameView, _ code: ResponseCode
  ) {
    precondition(code.responseClass != .unknown, "a reply has a code of a known range")
    begin(byteCount)
    // All of the header but the position, which is the reply's own; then what differs.
    let repeated = unsafe request.bytes.unsafeLoadUnaligned(
      fromByteOffset: 0, as: InlineArray<40, UInt8>.self)
    put(repeated, at: 0)
    set(HeaderLayout.frameLength, UInt16(byteCount))
    set(HeaderLayout.messageType, request.rawMessageType | MessageType.replyBit)
    set(HeaderLayout.responseCode, code.rawValue)
  }

  /// Copies bytes that are known to be a frame, such as a stored reply, and pads with zeros.
  ///
  /// The length in the header is the source's own.
  public mutating func copy(_ source: RawSpan, paddedTo byteCount: Int) {
    begin(byteCount)
    precondition(source.byteCount <= byteCount, "the source is longer than the frame")
    var elements = storage.mutableSpan
    var bytes = unsafe elements.mutableBytes
    for offset in 0..<source.byteCount {
      bytes.storeBytes(
        of: source.bigEndian(at: offset, as: UInt8.self), toByteOffset: offset, as: UInt8.self)
    }
  }

  /// Copies the bytes of an array as `copy(_:paddedTo:)` does those of a span.
  public mutating func copy(_ source: [UInt8], paddedTo byteCount: Int) {
    unsafe copy(source.span.bytes, paddedTo: byteCount)
  }

  @inlinable
  public mutating func set<Value: FixedWidthInteger & BitwiseCopyable>(
    _ field: Field, _ value: Value
  ) {
    checkRoom(field, MemoryLayout<Value>.size)
    put(value.bigEndian, at: field.offset)
  }

  public mutating func set(_ field: Field, _ date: CalendarDate) { set(field, date.yyyymmdd) }

  public mutating func set(_ field: Field, _ instant: Instant) { set(field, instant.milliseconds) }

  public mutating func set(_ field: Field, _ card: CardNumber) {
    checkRoom(field, 16)
    put(card.high.bigEndian, at: field.offset)
    put(card.low.bigEndian, at: field.offset + 8)
  }

  /// Sets a field to a confirmation number; `nil` is blank.
  public mutating func set(_ field: Field, _ confirmation: ConfirmationNumber?) {
    checkRoom(field, ConfirmationNumber.byteCount)
    guard let confirmation else { return setBlank(field) }
    put(confirmation.characters, at: field.offset)
  }

  /// Sets a text field; `false`, and nothing set, when the UTF-8 does not fit.
  public mutating func set(_ field: Field, text: String) -> Bool {
    guard text.utf8.count <= field.byteCount else { return false }
    setBlank(field)
    var offset = field.offset
    for byte in text.utf8 {
      storage[offset] = byte
      offset += 1
    }
    return true
  }

  public mutating func setBlank(_ field: Field) {
    checkRoom(field, field.byteCount)
    for offset in field.range { storage[offset] = 0x20 }
  }

  public mutating func set(_ line1: Field, _ line2: Field, _ display: DisplayText) {
    checkRoom(line1, DisplayText.lineByteCount)
    checkRoom(line2, DisplayText.lineByteCount)
    put(display.line1, at: line1.offset)
    put(display.line2, at: line2.offset)
  }

  /// Puts a client block at an offset and its presence map into a field.
  mutating func set(_ presence: Field, _ client: ClientForm, at offset: Int) {
    set(presence, client.presence)
    precondition(offset + ClientForm.blockByteCount <= byteCount, "the frame has no client block")
    put(client.block, at: offset)
  }

  /// Turns flag bits on.
  public mutating func insert(_ flags: FrameFlags) {
    storage[HeaderLayout.flags.offset] |= flags.rawValue
  }

  mutating func setByte(_ value: UInt8, at offset: Int) { storage[offset] = value }

  /// Puts bytes down as they lie in memory.
  @inlinable
  mutating func put<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    var elements = storage.mutableSpan
    var bytes = unsafe elements.mutableBytes
    bytes.storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }

  @inlinable
  func checkRoom(_ field: Field, _ valueByteCount: Int) {
    precondition(
      valueByteCount == field.byteCount && field.range.upperBound <= byteCount,
      "a field was set to a value of another size, or in a frame that does not have it")
  }
}
