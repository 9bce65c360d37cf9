import LinuxSystem
package import TransactionModel
package import WireFormat

/// A change from before it is first sent until it is answered, as it is kept on disk.
package struct PendingChange: Equatable, Sendable {
  /// The order in which the clerk made them.
  package var order: UInt64
  package var request: TerminalRequest
  /// Set before the first copy leaves.
  package var mayHaveBeenSent: Bool
  /// What is sent in the request's place once the clerk has cancelled it.
  package var reversal: TerminalRequest?

  package init(
    order: UInt64, request: TerminalRequest, mayHaveBeenSent: Bool,
    reversal: TerminalRequest? = nil
  ) {
    self.order = order
    self.request = request
    self.mayHaveBeenSent = mayHaveBeenSent
    self.reversal = reversal
  }

  package var id: SystemTraceAuditNumber { request.traceNumber }

  /// What is sent until it is answered.
  package var active: TerminalRequest { reversal ?? request }

  /// What a reversal of it asks for; `nil` for what cannot be reversed (SPECIFICATION.md, 14.11).
  package var reversalBody: RequestBody? {
    switch request.body {
    case .activate, .recertify, .update, .deactivate:
      .reverse(
        traceNumber: request.traceNumber, type: request.body.messageType,
        reason: Self.cancelledByClerk, time: request.header.transactionTime)
    default: nil
    }
  }

  private static let cancelledByClerk: UInt8 = 1
}

extension RequestBody {
  /// Whether the request is a change, of which one application and one answer are owed
  /// (SPECIFICATION.md, 1.4).
  package var isChange: Bool {
    if case .inquiry(_, _, let purpose) = self { return purpose.countsAsChange }
    return messageType.isChange
  }
}

// MARK: Bytes

/// The bytes of a pending change before they are sealed; numbers are in network byte order.
///
/// | offset | size | |
/// | --- | --- | --- |
/// | 0 | 8 | write number: of two copies of a change the one with the larger number holds |
/// | 8 | 8 | order |
/// | 16 | 1 | 1 when it may have been sent, else 0 |
/// | 17 | 3 | zero |
/// | 20 | 2 | length of the request frame |
/// | 22 | 2 | length of the reversal's frame, 0 when there is none |
/// | 24 | | both frames, then zeros |
struct PendingImage: Equatable {
  static let byteCount = 480
  private static let framesOffset = 24

  var writeNumber: UInt64
  var change: PendingChange

  init(writeNumber: UInt64, change: PendingChange) {
    self.writeNumber = writeNumber
    self.change = change
  }

  /// `nil` when the bytes are not what `bytes` gives.
  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    let requestEnd = Self.framesOffset + Int(Self.number(bytes[20..<22]))
    let reversalEnd = requestEnd + Int(Self.number(bytes[22..<24]))
    guard reversalEnd <= Self.byteCount,
      let request = TerminalRequest(frame: Array(bytes[Self.framesOffset..<requestEnd]))
    else { return nil }
    writeNumber = Self.number(bytes[0..<8])
    change = PendingChange(
      order: Self.number(bytes[8..<16]), request: request, mayHaveBeenSent: bytes[16] == 1)
    if reversalEnd > requestEnd {
      guard let reversal = TerminalRequest(frame: Array(bytes[requestEnd..<reversalEnd])) else {
        return nil
      }
      change.reversal = reversal
    }
    // What is sent again must be what was sent, byte for byte.
    guard self.bytes == bytes else { return nil }
  }

  var bytes: [UInt8] {
    let request = change.request.frame
    let reversal = change.reversal?.frame ?? []
    var bytes = Self.bytes(of: writeNumber) + Self.bytes(of: change.order)
    bytes += [change.mayHaveBeenSent ? 1 : 0, 0, 0, 0]
    bytes += Self.bytes(of: UInt16(request.count)) + Self.bytes(of: UInt16(reversal.count))
    bytes += request + reversal
    precondition(bytes.count <= Self.byteCount, "a change is longer than its place")
    return bytes + [UInt8](repeating: 0, count: Self.byteCount - bytes.count)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
    stride(from: value.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: value >> $0)
    }
  }
}

extension TerminalRequest {
  /// The request as it is sent.
  package var frame: [UInt8] {
    var buffer = FrameBuffer()
    let fits = buffer.encode(header, body)
    precondition(fits, "a request that was checked does not fit")
    return (0..<buffer.byteCount).map { buffer.byte(at: $0) }
  }

  /// `nil` when the bytes are not one whole request that keeps every rule of the format.
  package init?(frame: [UInt8]) {
    let bytes = frame.rawBytes
    guard let view = try? FrameView(prefixOf: bytes, .request), view.byteCount == frame.count,
      let header = RequestHeader(view), let body = try? RequestBody(view)
    else { return nil }
    self.init(header: header, body: body)
  }
}
