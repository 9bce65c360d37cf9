import Installation
import TransactionModel
import WireFormat

/// The cards that a run asks for, one after the other, as a test installation numbers them.
struct CardSequence {
  private enum Order {
    case ascending(Range<UInt64>)
    case around(from: UInt64, count: UInt64)
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

  /// The first so many cards, over and over, from a place on that goes on counting.
  static func around(from first: UInt64, count: UInt64) -> CardSequence {
    CardSequence(.around(from: first, count: count), seed: 0)
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
    case .around(let first, let count):
      usedCount += 1
      return card(at: (first + usedCount - 1) % count)
    case .random(let first, let count):
      usedCount += 1
      return card(at: first + numbers.next(below: count))
    }
  }

  /// How often the cards were all taken before the one that `next` gave last, going around.
  var roundCount: UInt64 {
    guard case .around(let first, let count) = order, usedCount > 0 else { return 0 }
    return (first + usedCount - 1) / count
  }

  private func card(at place: UInt64) -> CardNumber {
    CardScheme.healthAccessNumber(serial: Roster.Test.firstCardSerial + place)
  }
}
