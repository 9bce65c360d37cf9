import LinuxSystem
import TerminalClient
import TransactionModel
import WireFormat

/// A request that changes nothing, and whose answer says that a connection is served.
///
/// A TLS 1.3 client has completed its handshake before the server has looked at its certificate:
/// it is in when it was answered.
struct Probe: Sendable {
  let request: [UInt8]
  /// Whether what was received is the answer; nil while it is incomplete.
  let isAnswered: @Sendable ([UInt8]) -> Bool?

  /// Of Redis.
  static let ping: Probe = {
    let answer = Array("+PONG\r\n".utf8)
    return Probe(request: Array("*1\r\n$4\r\nPING\r\n".utf8)) { received in
      received.count < answer.count ? nil : received == answer
    }
  }()

  /// Of posd: an echo.
  static func echo(_ profile: TerminalProfile) -> Probe {
    var frame = FrameBuffer()
    let header = RequestHeader(
      environment: profile.environment, flags: [],
      traceNumber: SystemTraceAuditNumber(rawValue: 1), software: profile.software,
      terminal: profile.terminal,
      transactionTime: Instant(milliseconds: WallClock.nowMilliseconds),
      operatorID: profile.operatorID)
    let isEncoded = frame.encode(header, .echo)
    precondition(isEncoded, "an echo that does not fit")
    return Probe(request: (0..<frame.byteCount).map { frame.byte(at: $0) }) { received in
      do throws(FramingError) {
        guard let reply = try FrameView(prefixOf: received.rawBytes, .reply) else { return nil }
        return [.approved, .approvedClockOff].contains(reply.responseCode)
      } catch {
        return false
      }
    }
  }
}
