import LinuxSystem
import TLS
import WireFormat

/// What a connection has received and not yet taken.
struct ReplyInput: ~Copyable {
  /// Twice as much as a TLS record holds, so that one always fits behind part of a reply.
  private static let byteCountMax = 32_768

  private var buffer = FileBuffer(byteCount: byteCountMax)
  private var start = 0
  private var end = 0

  /// Receives once; what was not taken moves to the front before.
  mutating func receive(from transport: inout LoadTransport) -> TLSOutcome {
    if start > 0 {
      buffer.moveToFront(start..<end)
      (start, end) = (0, end - start)
    }
    var outcome = TLSOutcome.failed
    end += buffer.withOutput(in: end..<Self.byteCountMax) { tail in
      outcome = transport.read(into: &tail)
    }
    return outcome
  }

  /// Checks and takes the next reply; false while it is incomplete.
  mutating func take<Load: Workload>(
    for workload: inout Load, connection index: Int
  ) throws(BenchmarkError) -> Bool {
    guard start < end else { return false }
    let byteCount = try workload.check(
      buffer.bytes.extracting(start..<end), connection: index)
    start += byteCount ?? 0
    return byteCount != nil
  }

  /// Takes a reply of posd's, decoded; nil while it is incomplete.
  mutating func takeReply() throws(BenchmarkError) -> Reply? {
    let reply: Reply
    let byteCount: Int
    do {
      let received = buffer.bytes.extracting(start..<end)
      guard let frame = try FrameView(prefixOf: received, .reply) else { return nil }
      reply = try Reply(frame)
      byteCount = frame.byteCount
    } catch {
      throw .answerWrong("\(error)")
    }
    start += byteCount
    return reply
  }
}
