import TransactionModel
import WireFormat

/// The replies of one connection, in two lanes.
///
/// In the waiting lane are replies that rest on a log position that is not durable yet, in the
/// order in which they were decided. In the ready lane is what may be sent: a reply that waits for
/// nothing overtakes those that wait.
struct ReplyQueue: ~Copyable {
  /// The room that one reply takes at most: before a waiting frame stand its position and length.
  static let replyByteCountMax = entryHeaderByteCount + HeaderLayout.frameByteCountMax
  private static let entryHeaderByteCount = 2 * MemoryLayout<UInt64>.size

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

  /// The position that the first waiting reply waits for; nil if none waits.
  var nextPosition: LogPosition? {
    waiting.isEmpty ? nil : LogPosition(rawValue: waiting.number(at: 0))
  }

  /// What may be sent now.
  var readable: RawSpan {
    @_lifetime(borrow self)
    get { ready.readable }
  }

  /// Takes in a reply that may be sent once `position` is durable; `.zero` waits for nothing.
  mutating func append(
    _ reply: RawSpan, waitingFor position: LogPosition, durable: LogPosition,
    from pool: BufferPool
  ) {
    guard position > durable else {
      ready.append(reply, from: pool)
      readyCount += 1
      return
    }
    waiting.append(position.rawValue, from: pool)
    waiting.append(UInt64(reply.byteCount), from: pool)
    waiting.append(reply, from: pool)
    waitingCount += 1
  }

  /// Makes ready what waited for positions up to `durable`.
  ///
  /// A reply behind one that still waits stays, even if what it rests on is durable: it was decided
  /// later, and its turn comes with the same commit or the next.
  mutating func release(through durable: LogPosition, from pool: BufferPool) {
    while let position = nextPosition, position <= durable {
      let byteCount = Int(waiting.number(at: MemoryLayout<UInt64>.size))
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
