import Testing
import TransactionModel
import WireFormat

@testable import TransactionServer

@Suite("Queues of bytes and of replies")
struct ByteQueueTests {
  @Test("gives what was put in, in order, whatever the sizes", arguments: 0..<20 as Range<UInt64>)
  func order(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let pool = BufferPool(bufferByteCount: 64, keptCountMax: 2)
    var queue = ByteQueue()
    var model: [UInt8] = []
    var next: UInt8 = 0
    for _ in 0..<500 {
      if Bool.random(using: &generator) {
        let count = Int.random(in: 0...(64 - model.count), using: &generator)
        let bytes = (0..<count).map { _ in
          next &+= 1
          return next
        }
        unsafe queue.append(bytes.span.bytes, from: pool)
        model += bytes
      } else {
        let count = Int.random(in: 0...model.count, using: &generator)
        queue.consume(count)
        model.removeFirst(count)
        queue.releaseWhenEmpty(to: pool)
      }
      #expect(contents(queue) == model, "seed \(seed)")
    }
  }

  @Test("takes lines one by one")
  func lines() {
    let pool = BufferPool(bufferByteCount: 64, keptCountMax: 1)
    var queue = ByteQueue()
    #expect(queue.takeLine() == nil)
    queue.append("one\n\nthr", from: pool)
    #expect(queue.takeLine() == "one")
    #expect(queue.takeLine() == "")
    #expect(queue.takeLine() == nil)
    queue.append("ee\n", from: pool)
    #expect(queue.takeLine() == "three")
    let isEmpty = queue.isEmpty
    #expect(isEmpty)
  }

  @Test("a full queue of waiting replies comes out in order, as its positions become durable")
  func replies() {
    let pool = BufferPool(bufferByteCount: 64 * ReplyQueue.replyByteCountMax, keptCountMax: 2)
    var queue = ReplyQueue()
    var sent: [UInt8] = []
    var reply = [UInt8](repeating: 0, count: HeaderLayout.frameByteCountMax)
    for turn in 0..<5 as Range<UInt64> {
      for index in 0..<64 as Range<UInt64> {
        reply[0] = UInt8(index)
        unsafe queue.append(
          reply.span.bytes, waitingFor: need(turn * 64 + index / 2 + 1),
          durable: need(turn * 64), from: pool)
      }
      #expect(queue.frameCount == 64 && queue.readableByteCount == 0)
      for step in 1...32 as ClosedRange<UInt64> {
        queue.release(through: need(turn * 64 + step), from: pool)
        #expect(queue.readableByteCount == 2 * reply.count)
        sent.append(first(queue))
        queue.consume(reply.count)
        #expect(queue.frameCount == 64 - 2 * Int(step) + 2)
        sent.append(first(queue))
        queue.consume(reply.count)
      }
      #expect(queue.frameCount == 0 && queue.nextNeed == nil)
      queue.releaseBuffers(to: pool)
    }
    #expect(sent == (0..<5).flatMap { _ in (0..<64).map { UInt8($0) } })
  }

  @Test("a reply that waits for nothing, or for what is durable, is ready at once")
  func ready() {
    let pool = BufferPool(bufferByteCount: 4_096, keptCountMax: 2)
    var queue = ReplyQueue()
    let durable = need(7, audit: 3)
    let cases: [(DurableNeed, isReady: Bool)] = [
      (.none, true), (need(7), true), (need(7, audit: 3), true), (need(0, audit: 4), false),
      (need(8, audit: 3), false),
    ]
    for (position, isReady) in cases {
      let before = queue.readableByteCount
      unsafe queue.append(
        [UInt8](repeating: 1, count: 48).span.bytes,
        waitingFor: position, durable: durable, from: pool)
      #expect(queue.readableByteCount - before == (isReady ? 48 : 0))
    }
    #expect(queue.nextNeed == need(0, audit: 4))
    queue.release(through: need(9, audit: 3), from: pool)
    #expect(queue.nextNeed == need(0, audit: 4))
    queue.release(through: need(7, audit: 4), from: pool)
    #expect(queue.nextNeed == need(8, audit: 3))
  }

  private func need(_ state: UInt64, audit: UInt64 = 0) -> DurableNeed {
    DurableNeed(state: LogPosition(rawValue: state), audit: LogPosition(rawValue: audit))
  }

  private func contents(_ queue: borrowing ByteQueue) -> [UInt8] {
    unsafe queue.readable.withUnsafeBytes { unsafe Array($0) }
  }

  private func first(_ queue: borrowing ReplyQueue) -> UInt8 {
    unsafe queue.readable.withUnsafeBytes { unsafe $0[0] }
  }
}

/// Numbers that come again with the same seed: splitmix64.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
