import LinuxSystem
package import TransactionModel
import WireFormat

/// Replies for tests, made as a server makes them.
package enum ModelReply {
  /// A business answer to an inquiry or a change.
  package static func outcome(
    _ code: ResponseCode, to request: [UInt8], original: ResponseCode = .none
  ) -> [UInt8] {
    make(request) { buffer in
      let frame = FrameView(whole: request.rawBytes)
      guard let type = frame.messageType else { preconditionFailure("no known type") }
      buffer.encode(Outcome(code), type: type, replyingTo: frame)
      guard type == .reverse else { return }
      let number = ReverseRequestView(frame).originalTraceNumber.rawValue
      buffer.set(ReverseReplyLayout.originalTraceNumber, number)
      buffer.set(ReverseReplyLayout.originalCode, original.rawValue)
    }
  }

  package static func refusal(
    _ code: ResponseCode, to request: [UInt8], retryAfterMilliseconds: UInt32 = 0
  ) -> [UInt8] {
    make(request) { buffer in
      buffer.encodeRefusal(
        code, retryAfterMilliseconds: retryAfterMilliseconds,
        replyingTo: FrameView(whole: request.rawBytes))
    }
  }

  package static func signOn(
    to request: [UInt8], serverTime: Instant, newestTraceNumber: UInt32 = 0,
    framesInFlightMax: UInt16 = 64
  ) -> [UInt8] {
    make(request) { buffer in
      let reply = SignOnReply(
        serverTime: serverTime, newestTraceNumber: newestTraceNumber,
        framesInFlightMax: framesInFlightMax, operatorIdleSeconds: 1_200,
        connectionIdleSeconds: 1_800, clockAllowanceSeconds: 60, changeAgeSecondsMax: 900,
        storedAgeSecondsMax: 259_200, policySet: CalendarDate(trusted: 2015_11_01),
        site: SiteID(rawValue: 1_234_567_893), role: .enrollingClinic, terminalState: .active,
        clockState: .withinAllowance, clockDifferenceMilliseconds: 0)
      buffer.encode(reply, code: .approved, replyingTo: FrameView(whole: request.rawBytes))
    }
  }

  package static func echo(to request: [UInt8], serverTime: Instant) -> [UInt8] {
    make(request) { buffer in
      buffer.encodeEcho(
        .echo, code: .approved, serverTime: serverTime, clock: .withinAllowance,
        differenceMilliseconds: 0, replyingTo: FrameView(whole: request.rawBytes))
    }
  }

  /// The same bytes with a flag set.
  package static func with(_ flag: FrameFlags, _ frame: [UInt8]) -> [UInt8] {
    var frame = frame
    frame[HeaderLayout.flags.offset] |= flag.rawValue
    return frame
  }

  private static func make(_ request: [UInt8], _ fill: (inout FrameBuffer) -> Void) -> [UInt8] {
    var buffer = FrameBuffer()
    fill(&buffer)
    return (0..<buffer.byteCount).map { buffer.byte(at: $0) }
  }
}
