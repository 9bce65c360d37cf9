import LinuxSystem
import TransactionModel
import WireFormat

/// Requests that differ in a key at most, and replies that begin alike and are of one size: the
/// commands GET and SET of Redis (RESP 2), and an echo.
struct FixedWorkload: Workload {
  let requestByteCount: Int
  let replyByteCountMax: Int
  private let request: [UInt8]
  /// Where the sixteen bytes of the key stand; nil in an echo.
  private let keyOffset: Int?
  private let replyPrefix: [UInt8]
  private var cards: CardSequence

  private init(
    request: [UInt8], keyOffset: Int?, replyPrefix: [UInt8], replyByteCount: Int,
    cards: CardSequence
  ) {
    self.request = request
    self.keyOffset = keyOffset
    self.replyPrefix = replyPrefix
    self.cards = cards
    requestByteCount = request.count
    replyByteCountMax = replyByteCount
  }

  static func get(valueByteCount: Int, cards: CardSequence) -> FixedWorkload {
    let head = Array("*2\r\n$3\r\nGET\r\n$16\r\n".utf8)
    let replyPrefix = Array("$\(valueByteCount)\r\n".utf8)
    return FixedWorkload(
      request: head + placeholder + lineEnd, keyOffset: head.count, replyPrefix: replyPrefix,
      replyByteCount: replyPrefix.count + valueByteCount + lineEnd.count, cards: cards)
  }

  static func set(valueByteCount: Int, cards: CardSequence) -> FixedWorkload {
    let head = Array("*3\r\n$3\r\nSET\r\n$16\r\n".utf8)
    let value = Array(repeating: UInt8(ascii: "v"), count: valueByteCount)
    let replyPrefix = Array("+OK\r\n".utf8)
    return FixedWorkload(
      request: head + placeholder + lineEnd + Array("$\(valueByteCount)\r\n".utf8) + value
        + lineEnd,
      keyOffset: head.count, replyPrefix: replyPrefix, replyByteCount: replyPrefix.count,
      cards: cards)
  }

  static func echo(
    requestByteCount: Int, replyByteCount: Int, cards: CardSequence
  ) -> FixedWorkload {
    FixedWorkload(
      request: Array(repeating: UInt8(ascii: "e"), count: requestByteCount), keyOffset: nil,
      replyPrefix: [], replyByteCount: replyByteCount, cards: cards)
  }

  private static let placeholder = Array(repeating: UInt8(ascii: "k"), count: 16)
  private static let lineEnd = Array("\r\n".utf8)

  var usedCardCount: UInt64 { cards.usedCount }

  func template(forConnection index: Int) -> [UInt8] { request }

  mutating func fill(
    _ buffer: inout FileBuffer, at offset: Int, connection index: Int
  ) -> Bool {
    guard let card = cards.next() else { return false }
    guard let keyOffset else { return true }
    buffer.store(card, at: offset + keyOffset)
    return true
  }

  func check(_ received: RawSpan, connection index: Int) throws(BenchmarkError) -> Int? {
    for offset in 0..<min(received.byteCount, replyPrefix.count)
    where received.byte(at: offset) != replyPrefix[offset] {
      throw .answerWrong(received.firstLine)
    }
    return received.byteCount < replyByteCountMax ? nil : replyByteCountMax
  }
}
