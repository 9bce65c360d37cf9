import TransactionModel
import WireFormat

/// The replies of one connection, in two lanes.
///
/// In the waiting lane are replies that rest on a log position that is not durable yet, in the
/// order in which they were decided. In the ready lane is what may be sent: a reply that waits for
/// nothing overtakes those that wait.
struct ReplyQueue: ~Copyable {
  /// The room that one reply takes at most: before a waiting frame stand its positions and length.
  static let replyByteCountMax = entryHeaderByteCount + HeaderLayout.frameByteCountMax
  private static let entryHeaderByteCount = 3 * MemoryLayout<UInt64>.size

  private var waiting = ByteQueue()
  private var ready = ByteQueue()
  private var waitingCount = 0
  private var readyCount = 0

  init() {}

  /// The replies that are not all handed to TLS.
  ///
  /// Ready ones are counted until the last of them has gone.
  var frameCount: Int { waitingCount + readyCount }

  var isEmpty: Bool { waiting.isEmpty && ready.isEmpty }

  /// The bytes that may be sent now.
  var readableByteCount: Int { ready.byteCount }

  /// What the first waiting reply waits for; nil if none waits.
  var nextNeed: DurableNeed? {
    guard !waiting.isEmpty else { return nil }
    return DurableNeed(
      state: LogPosition(rawValue: waiting.number(at: 0)),
      audit: LogPosition(rawValue: waiting.number(at: MemoryLayout<UInt64>.size)))
  }

  /// What may be sent now.
  var readable: RawSpan {
    @_lifetime(borrow self)
    get { ready.readable }
  }

  /// Takes in a reply that may be sent once what it needs is durable.
  mutating func append(
    _ reply: RawSpan, waitingFor need: DurableNeed, durable: DurableNeed, from pool: BufferPool
  ) {
    guard !need.isMet(by: durable) else {
      ready.append(reply, from: pool)
      readyCount += 1
      return
    }
    waiting.append(need.state.rawValue, from: pool)
    waiting.append(need.audit.rawValue, from: pool)
    waiting.append(UInt64(reply.byteCount), from: pool)
    waiting.append(reply, from: pool)
    waitingCount += 1
  }

  /// Makes ready what waited for no more than what is durable.
  ///
  /// A reply behind one that still waits stays, even if what it rests on is durable: it was decided
  /// later, and its turn comes with the same commit or the next.
  mutating func release(through durable: DurableNeed, from pool: BufferPool) {
    while let need = nextNeed, need.isMet(by: durable) {
      let byteCount = Int(waiting.number(at: 2 * MemoryLayout<UInt64>.size))
      waiting.consume(Self.entryHeaderByteCount)
      waiting.move(byteCount, to: &ready, pool: pool)
      waitingCount -= 1
      readyCount += 1
    }
  }

  /// Removes what was handed to TLS.
  mutating func consume(_ byteCount: Int) {
    ready.consume(byteCount)
    if ready.isEmpty { readyCount = 0 }
  }

  /// Gives empty buffers back.
  mutating func releaseBuffers(to pool: BufferPool) {
    waiting.releaseWhenEmpty(to: pool)
    ready.releaseWhenEmpty(to: pool)
  }
}
