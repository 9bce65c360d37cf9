public import TransactionModel

/// Why the bytes received can no longer be divided into frames: the connection is closed.
public enum FramingError: Error, Equatable, Sendable {
  /// Not a multiple of 8 from 48 to 512.
  case frameLength(UInt16)
  /// A request whose type has the top bit set, or a reply whose type has not.
  case direction(UInt8)
}

/// Which way a frame goes.
public enum Direction: Sendable {
  case request
  case reply
}

/// One whole frame, viewed where it lies in the receive buffer.
///
/// A view owns nothing and copies nothing, and the compiler refuses to let it outlive the buffer.
/// Only the header's length and direction have been looked at: `FrameCheck` judges the rest.
@frozen
public struct FrameView: ~Escapable, Sendable {
  public let bytes: RawSpan

  /// Takes the frame at the front of `received`; `nil` while it is incomplete.
  ///
  /// A length that cannot be is refused as soon as it is here, without waiting for the rest.
  @inlinable @inline(__always)
  @_lifetime(copy received)
  public init?(prefixOf received: RawSpan, _ direction: Direction) throws(FramingError) {
    typealias Header = HeaderLayout
    guard received.byteCount >= Header.frameLength.range.upperBound else { return nil }
    let length = received.bigEndian(at: Header.frameLength.offset, as: UInt16.self)
    guard length >= Header.frameByteCountMin, length <= Header.frameByteCountMax,
      Int(length) % Header.frameByteCountStep == 0
    else { throw .frameLength(length) }
    guard received.byteCount >= Header.messageType.range.upperBound else { return nil }
    let type = received.bigEndian(at: Header.messageType.offset, as: UInt8.self)
    guard (type & MessageType.replyBit != 0) == (direction == .reply) else {
      throw .direction(type)
    }
    guard received.byteCount >= Int(length) else { return nil }
    bytes = received.extracting(first: Int(length))
  }

  /// Views bytes that are known to be one whole frame, such as a frame that was encoded here.
  @inlinable
  @_lifetime(copy whole)
  public init(whole: RawSpan) {
    precondition(whole.byteCount >= HeaderLayout.byteCount, "a frame is shorter than its header")
    bytes = whole
  }

  @inlinable public var byteCount: Int { bytes.byteCount }

  /// The number in a field; its size must be the field's.
  @inlinable
  public func number<Value: FixedWidthInteger & BitwiseCopyable>(
    _ field: Field, as type: Value.Type = Value.self
  ) -> Value {
    bytes.bigEndian(at: field.offset, as: Value.self)
  }

  @inlinable
  public func date(_ field: Field) -> CalendarDate { CalendarDate(trusted: number(field)) }

  @inlinable
  public func instant(_ field: Field) -> Instant { Instant(milliseconds: number(field)) }

  @inlinable @inline(__always)
  public func card(_ field: Field) -> CardNumber { card(at: field.offset) }

  @inlinable @inline(__always)
  func card(at offset: Int) -> CardNumber {
    CardNumber(
      high: bytes.bigEndian(at: offset, as: UInt64.self),
      low: bytes.bigEndian(at: offset + 8, as: UInt64.self))
  }

  @inlinable
  public func byte(at offset: Int) -> UInt8 {
    unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// Eight bytes in the order of memory, for rules that treat every byte alike.
  func word(at offset: Int) -> UInt64 {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
  }

  /// The confirmation number in a field; `nil` when the field is blank, or holds no such number.
  public func confirmation(_ field: Field) -> ConfirmationNumber? {
    confirmation(at: field.offset)
  }

  func confirmation(at offset: Int) -> ConfirmationNumber? {
    var characters = InlineArray<14, UInt8>(repeating: 0)
    for index in 0..<ConfirmationNumber.byteCount {
      characters[index] = byte(at: offset + index)
    }
    return ConfirmationNumber(characters: characters)
  }

  /// The sixteen bytes of a field that holds a secret.
  func secret(_ field: Field) -> Secret {
    var secret = Secret.none
    for index in 0..<16 { secret.bytes[index] = byte(at: field.offset + index) }
    return secret
  }

  /// Whether every one of some bytes is the same as `byte`.
  func isFilled(_ range: Range<Int>, with byte: UInt8) -> Bool {
    let end = range.upperBound
    var offset = range.lowerBound
    while offset + 8 <= end {
      guard word(at: offset) == 0x0101_0101_0101_0101 &* UInt64(byte) else { return false }
      offset += 8
    }
    while offset < end {
      guard self.byte(at: offset) == byte else { return false }
      offset += 1
    }
    return true
  }

  /// The text in a field without its padding.
  public func text(_ field: Field) -> String {
    var end = field.range.upperBound
    while end > field.offset, byte(at: end - 1) == 0x20 { end -= 1 }
    return String(decoding: array(field.offset..<end), as: UTF8.self)
  }

  /// A copy of some of the frame's bytes.
  func array(_ range: Range<Int>) -> [UInt8] {
    unsafe bytes.extracting(range).withUnsafeBytes { unsafe Array($0) }
  }

  /// The client block at an offset, with its presence map.
  public func clientForm(at offset: Int, presence: UInt64) -> ClientForm {
    let block = unsafe bytes.unsafeLoadUnaligned(
      fromByteOffset: offset, as: InlineArray<216, UInt8>.self)
    return ClientForm(presence: presence & ClientField.presenceMask, block: block)
  }
}

// MARK: The header

extension FrameView {
  @inlinable public var version: UInt8 { number(HeaderLayout.version) }
  @inlinable public var rawMessageType: UInt8 { number(HeaderLayout.messageType) }
  /// The type of a request, or of the request that a reply answers; `nil` when unknown.
  @inlinable public var messageType: MessageType? {
    MessageType(rawValue: rawMessageType & ~MessageType.replyBit)
  }
  @inlinable public var environment: UInt8 { number(HeaderLayout.environment) }
  @inlinable public var flags: FrameFlags { FrameFlags(rawValue: number(HeaderLayout.flags)) }
  @inlinable public var responseCode: ResponseCode {
    ResponseCode(rawValue: number(HeaderLayout.responseCode))
  }
  @inlinable public var traceNumber: SystemTraceAuditNumber {
    SystemTraceAuditNumber(rawValue: number(HeaderLayout.traceNumber))
  }
  @inlinable public var software: SoftwareID {
    SoftwareID(rawValue: number(HeaderLayout.software))
  }
  @inlinable public var terminal: TerminalID {
    TerminalID(rawValue: number(HeaderLayout.terminal))
  }
  @inlinable public var transactionTime: Instant { instant(HeaderLayout.transactionTime) }
  @inlinable public var operatorID: OperatorID {
    OperatorID(rawValue: number(HeaderLayout.operatorID))
  }
  @inlinable public var logPosition: LogPosition {
    LogPosition(rawValue: number(HeaderLayout.logPosition))
  }
}

extension RawSpan {
  /// Loads a big-endian integer; the offset need not be aligned, and is checked against the span.
  ///
  /// The load is unsafe for types that not every bit pattern is a value of; integers are not such.
  @inlinable
  func bigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Value.Type
  ) -> Value {
    unsafe Value(bigEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: Value.self))
  }
}
