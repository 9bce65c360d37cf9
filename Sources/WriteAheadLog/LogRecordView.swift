public import TransactionModel

/// One record of the log, viewed where it was read.
///
/// Little-endian, on a multiple of 8 bytes within its batch, padded to one with zeros:
///
///     0  4  byte count of the body
///     4  2  kind, not 0
///     6  2  zero
///     8  8  position
///    16  8  server time, milliseconds since 1970 UTC, never less than the record's before
///    24     body
public struct LogRecordView: ~Escapable {
  static let headerByteCount = 24
  static let alignment = 8

  public let kind: UInt16
  public let position: LogPosition
  public let serverTimeMilliseconds: UInt64
  /// What the writer put there; its layout belongs to the kind.
  public let body: RawSpan

  /// Takes the record at the front of `content`, or nil when what stands there is none.
  @_lifetime(copy content)
  init?(frontOf content: RawSpan) {
    guard content.byteCount >= Self.headerByteCount else { return nil }
    let byteCount = Int(content.integer(at: 0, as: UInt32.self))
    let extent = Self.extent(bodyByteCount: byteCount)
    guard extent <= content.byteCount, content.integer(at: 4, as: UInt16.self) != 0,
      content.integer(at: 6, as: UInt16.self) == 0,
      content.isZero(in: Self.headerByteCount + byteCount..<extent)
    else { return nil }
    kind = content.integer(at: 4)
    position = LogPosition(rawValue: content.integer(at: 8))
    serverTimeMilliseconds = content.integer(at: 16)
    body = content.extracting(Self.headerByteCount..<Self.headerByteCount + byteCount)
  }

  var extent: Int { Self.extent(bodyByteCount: body.byteCount) }

  static func extent(bodyByteCount: Int) -> Int {
    (headerByteCount + bodyByteCount).roundedUp(to: alignment)
  }
}
