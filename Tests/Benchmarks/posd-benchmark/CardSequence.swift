import Installation
import TransactionModel
import WireFormat

/// The cards that a run asks for, one after the other, as a test installation numbers them.
struct CardSequence {
  private enum Order {
    case ascending(Range<UInt64>)
    case around(from: UInt64, count: UInt64, stride: UInt64)
    case random(from: UInt64, below: UInt64)
  }

  private let order: Order
  private var numbers: RandomNumbers
  /// How many cards were taken.
  private(set) var usedCount: UInt64 = 0

  private init(_ order: Order, seed: UInt64) {
    self.order = order
    numbers = RandomNumbers(seed: seed)
  }

  /// So many cards, each once, from a place on.
  static func ascending(from first: UInt64, count: UInt64) -> CardSequence {
    CardSequence(.ascending(first..<(first + count)), seed: 0)
  }

  /// The first so many cards, over and over, from a place on that goes on counting, each round in
  /// the same scattered order: neighbors in time are none in memory.
  static func around(from first: UInt64, count: UInt64) -> CardSequence {
    CardSequence(.around(from: first, count: count, stride: stride(of: count)), seed: 0)
  }

  /// Any of so many cards from a place on, without end, each as likely.
  static func random(from first: UInt64 = 0, below count: UInt64, seed: UInt64) -> CardSequence {
    CardSequence(.random(from: first, below: count), seed: seed)
  }

  /// The next card; nil after the last one.
  mutating func next() -> CardNumber? {
    switch order {
    case .ascending(let places):
      guard usedCount < places.count else { return nil }
      usedCount += 1
      return card(at: places.lowerBound + usedCount - 1)
    case .around(let first, let count, let stride):
      usedCount += 1
      return card(at: (first + usedCount - 1) % count * stride % count)
    case .random(let first, let count):
      usedCount += 1
      return card(at: first + numbers.next(below: count))
    }
  }

  /// How often the cards were all taken before the one that `next` gave last, going around.
  var roundCount: UInt64 {
    guard case .around(let first, let count, _) = order, usedCount > 0 else { return 0 }
    return (first + usedCount - 1) / count
  }

  /// Steps of this size come to each of so many places once before they come back: a share of them
  /// that is no simple fraction, and has no divisor in common with them.
  private static func stride(of count: UInt64) -> UInt64 {
    var stride = count * 618 / 1_000 | 1
    while greatestCommonDivisor(stride, count) != 1 { stride += 2 }
    return stride
  }

  private static func greatestCommonDivisor(_ first: UInt64, _ second: UInt64) -> UInt64 {
    second == 0 ? first : greatestCommonDivisor(second, first % second)
  }

  private func card(at place: UInt64) -> CardNumber {
    CardScheme.healthAccessNumber(serial: Roster.Test.firstCardSerial + place)
  }
}
