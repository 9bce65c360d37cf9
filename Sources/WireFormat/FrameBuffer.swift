public import TransactionModel

/// Room for one frame under construction, written field by field; reused, never reallocated.
///
/// The room lies outside the value: were it an inline array, each borrow of the buffer would be free
/// to copy it, and many do.
@safe
public struct FrameBuffer: ~Copyable, @unchecked Sendable {
  /// `HeaderLayout.frameByteCountMax` bytes, zero behind the frame's end.
  @usableFromInline let room: UnsafeMutableRawPointer
  public private(set) var byteCount: Int

  public init() {
    unsafe room = .allocate(
      byteCount: HeaderLayout.frameByteCountMax, alignment: MemoryLayout<UInt64>.alignment)
    unsafe room.initializeMemory(
      as: UInt8.self, repeating: 0, count: HeaderLayout.frameByteCountMax)
    byteCount = 0
  }

  deinit { unsafe room.deallocate() }

  /// The frame so far.
  @inlinable
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    get { wholeRoom.extracting(first: byteCount) }
  }

  /// The frame so far, as a view.
  @inlinable
  public var frame: FrameView {
    @_lifetime(borrow self)
    get { FrameView(whole: bytes) }
  }

  public func byte(at offset: Int) -> UInt8 {
    wholeRoom.bigEndian(at: offset, as: UInt8.self)
  }

  /// The bytes behind the header, as many as are kept of a reply for repeats; zero behind its end.
  public var storedBody: InlineArray<112, UInt8> {
    unsafe wholeRoom.unsafeLoadUnaligned(
      fromByteOffset: HeaderLayout.byteCount, as: InlineArray<112, UInt8>.self)
  }

  @inlinable
  var wholeRoom: RawSpan {
    @_lifetime(borrow self)
    get {
      let span = unsafe RawSpan(_unsafeStart: room, byteCount: HeaderLayout.frameByteCountMax)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Begins a frame of `byteCount` zero bytes.
  mutating func begin(_ byteCount: Int) {
    precondition(
      byteCount >= HeaderLayout.frameByteCountMin && byteCount <= HeaderLayout.frameByteCountMax
        && byteCount % HeaderLayout.frameByteCountStep == 0,
      "a frame's length is a multiple of 8 from 48 to 512")
    // Behind the frame that was here before all is zero.
    unsafe room.initializeMemory(
      as: UInt8.self, repeating: 0, count: max(self.byteCount, byteCount))
    self.byteCount = byteCount
    set(HeaderLayout.frameLength, UInt16(byteCount))
  }

  /// Begins a reply: the request's header byte for byte, but for length, type bit and code.
  mutating func begin(
    _ byteCount: Int, replyingTo request: borrowing FrameView, _ code: ResponseCode
  ) {
    precondition(code.hasClass, "a reply has a code of a known range")
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
    put(source, at: 0)
  }

  /// Copies the bytes of an array as `copy(_:paddedTo:)` does those of a span.
  public mutating func copy(_ source: [UInt8], paddedTo byteCount: Int) {
    unsafe copy(source.span.bytes, paddedTo: byteCount)
  }

  // Always inlined: a field is a constant where it is set, and then only its place is left of it.
  @inlinable @inline(__always)
  public mutating func set<Value: FixedWidthInteger & BitwiseCopyable>(
    _ field: Field, _ value: Value
  ) {
    checkRoom(field, MemoryLayout<Value>.size)
    put(value.bigEndian, at: field.offset)
  }

  @inlinable @inline(__always)
  public mutating func set(_ field: Field, _ date: CalendarDate) { set(field, date.yyyymmdd) }

  @inlinable @inline(__always)
  public mutating func set(_ field: Field, _ instant: Instant) { set(field, instant.milliseconds) }

  @inlinable @inline(__always)
  public mutating func set(_ field: Field, _ card: CardNumber) {
    checkRoom(field, 16)
    put(card.high.bigEndian, at: field.offset)
    put(card.low.bigEndian, at: field.offset + 8)
  }

  /// Sets a field to a confirmation number; `nil` is blank.
  @inline(__always)
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
      put(byte, at: offset)
      offset += 1
    }
    return true
  }

  @inlinable @inline(__always)
  public mutating func setBlank(_ field: Field) {
    checkRoom(field, field.byteCount)
    unsafe (room + field.offset).initializeMemory(
      as: UInt8.self, repeating: 0x20, count: field.byteCount)
  }

  @inline(__always)
  public mutating func set(_ line1: Field, _ line2: Field, _ display: DisplayText) {
    checkRoom(line1, DisplayText.lineByteCount)
    checkRoom(line2, DisplayText.lineByteCount)
    precondition(line1.range.upperBound == line2.offset, "the display lines of a frame adjoin")
    put(display.characters, at: line1.offset)
  }

  /// Sets the display lines of a code: those of `CodeTable.display`, but the date is put down in the
  /// frame.
  @inline(__always)
  mutating func setDisplay(
    _ line1: Field, _ line2: Field, _ code: ResponseCode, spanish: Bool,
    date: CalendarDate = .none
  ) {
    let form = CodeTable.form(code, spanish: spanish)
    set(line1, line2, form)
    guard form.datePlace >= 0 else { return }
    guard !date.isNone else { return setBlank(line2) }
    let place = line1.offset + Int(form.datePlace)
    let digits = date.digits
    // Over the hyphens, which stand already.
    put(UInt32(truncatingIfNeeded: digits).littleEndian, at: place)
    put(UInt16(truncatingIfNeeded: digits >> 32).littleEndian, at: place + 5)
    put(UInt16(truncatingIfNeeded: digits >> 48).littleEndian, at: place + 8)
  }

  /// Puts a client block at an offset and its presence map into a field.
  @inline(__always)
  mutating func set(_ presence: Field, _ client: ClientForm, at offset: Int) {
    set(presence, client.presence)
    precondition(offset + ClientForm.blockByteCount <= byteCount, "a form behind the frame's end")
    put(client.block, at: offset)
  }

  /// Turns flag bits on.
  public mutating func insert(_ flags: FrameFlags) {
    put(byte(at: HeaderLayout.flags.offset) | flags.rawValue, at: HeaderLayout.flags.offset)
  }

  mutating func setByte(_ value: UInt8, at offset: Int) {
    precondition(offset >= 0 && offset < byteCount, "a byte behind the end of the frame")
    put(value, at: offset)
  }

  /// Puts bytes down as they lie in memory.
  @inlinable @inline(__always)
  mutating func put<Value: BitwiseCopyable>(_ value: Value, at offset: Int) {
    precondition(
      offset >= 0 && offset <= HeaderLayout.frameByteCountMax - MemoryLayout<Value>.size,
      "behind the room for a frame")
    unsafe room.storeBytes(of: value, toByteOffset: offset, as: Value.self)
  }

  /// Puts down the bytes of a span, which must end within the frame.
  private mutating func put(_ source: RawSpan, at offset: Int) {
    precondition(
      offset >= 0 && offset + source.byteCount <= byteCount, "bytes behind the end of the frame")
    unsafe source.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe (room + offset).copyMemory(from: start, byteCount: bytes.count)
    }
  }

  @inlinable @inline(__always)
  func checkRoom(_ field: Field, _ valueByteCount: Int) {
    precondition(
      valueByteCount == field.byteCount && field.range.upperBound <= byteCount,
      "a field was set to a value of another size, or in a frame that does not have it")
  }
}
