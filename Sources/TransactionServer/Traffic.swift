import TLS
import WireFormat

/// What goes through one connection: requests in, replies out, and TLS around both.
///
/// A value by itself, so that a step of the reactor asks for all of it once: what belongs to a
/// class and changes by parts is looked at for overlapping use with every part.
struct Traffic: ~Copyable {
  var session: TLSSession
  var incoming = ByteQueue()
  var replies = ReplyQueue()
  /// A read may give more than it gave so far in this turn.
  private(set) var mayHaveMore = false

  init(_ session: consuming TLSSession) { self.session = session }

  /// Decrypts what has come, of one record at most, and notes whether more is inside.
  ///
  /// What is still in the socket the poller reports again: to look there for more would cost each
  /// request a system call.
  mutating func receive(from pool: BufferPool) -> TLSOutcome {
    let outcome = incoming.append(byteCountMin: HeaderLayout.frameByteCountMax, from: pool) {
      session.read(into: &$0)
    }
    mayHaveMore = outcome == .complete && session.hasBufferedBytes
    if outcome != .complete { incoming.releaseWhenEmpty(to: pool) }
    return outcome
  }

  /// Begins a turn: reads once if nothing is here that was read before.
  ///
  /// Nil if it need not be read now.
  mutating func receiveFirst(from pool: BufferPool) -> TLSOutcome? {
    mayHaveMore = true
    return incoming.isEmpty ? receive(from: pool) : nil
  }

  /// Sends the replies whose positions are durable, until all have gone or the socket takes no
  /// more.
  mutating func send(through durable: DurableNeed, from pool: BufferPool) -> Sending {
    replies.release(through: durable, from: pool)
    let byteCount = replies.readableByteCount
    let outcome = Self.send(&replies, &session)
    if byteCount > 0 { replies.releaseBuffers(to: pool) }
    return Sending(
      outcome: outcome, hasSent: replies.readableByteCount < byteCount,
      frameCount: replies.frameCount, hasWaiting: replies.nextNeed != nil)
  }

  /// The parts are passed one by one: a span of one holds on to all that it is reached through.
  private static func send(
    _ replies: inout ReplyQueue, _ session: inout TLSSession
  ) -> TLSOutcome {
    while replies.readableByteCount > 0 {
      let (byteCount, outcome) = session.write(replies.readable)
      guard outcome == .complete else { return outcome }
      replies.consume(byteCount)
    }
    return .complete
  }
}

/// What became of the replies of a connection that could be sent.
struct Sending {
  /// `complete` if nothing is left that may go.
  var outcome: TLSOutcome
  /// Some bytes have gone.
  var hasSent: Bool
  /// The replies that have not all gone, those that wait for the log with them.
  var frameCount: Int
  /// Some wait for the log.
  var hasWaiting: Bool
}
