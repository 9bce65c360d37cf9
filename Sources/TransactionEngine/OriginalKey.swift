public import TransactionModel
import WireFormat

/// The transaction that a reversal names, and what the reversal did to it; 16 bytes of its record.
///
///      0  4  system trace audit number
///      4  1  message type
///      5  1  what the reversal did: 0 nothing, 1 undid it, 2 remembered that it is not to be
///            carried out
///      6  2  zero
///      8  8  transaction time
public struct OriginalKey: Hashable, Sendable, BitwiseCopyable {
  public enum Effect: UInt8, Sendable, BitwiseCopyable {
    case nothing = 0
    case undone = 1
    case remembered = 2
  }

  static let byteCount = 16

  public var traceNumber: SystemTraceAuditNumber
  public var messageType: UInt8
  public var transactionTime: Instant
  public var effect: Effect

  init(
    traceNumber: SystemTraceAuditNumber, messageType: UInt8, transactionTime: Instant,
    effect: Effect = .nothing
  ) {
    self.traceNumber = traceNumber
    self.messageType = messageType
    self.transactionTime = transactionTime
    self.effect = effect
  }

  init(_ request: borrowing ReverseRequestView) {
    self.init(
      traceNumber: request.originalTraceNumber, messageType: request.rawOriginalType,
      transactionTime: request.originalTime)
  }

  func write(to output: inout OutputRawSpan) {
    output.put(traceNumber.rawValue)
    output.put(messageType)
    output.put(effect.rawValue)
    output.put(UInt16(0))
    output.put(transactionTime.milliseconds)
  }

  /// Reads it; `nil` when it breaks the layout.
  init?(_ reader: inout RecordReader) {
    guard let traceNumber: UInt32 = reader.next(), let messageType: UInt8 = reader.next(),
      let effect = reader.next(UInt8.self).flatMap(Effect.init(rawValue:)), reader.skipZeros(2),
      let transactionTime: UInt64 = reader.next()
    else { return nil }
    self.init(
      traceNumber: SystemTraceAuditNumber(rawValue: traceNumber), messageType: messageType,
      transactionTime: Instant(milliseconds: transactionTime), effect: effect)
  }
}
