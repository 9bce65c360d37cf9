import TransactionModel
import WireFormat

/// The printed cards: which serial numbers there are, where their cards are, which are voided.
///
/// Ranges stand in order, without overlap, and neighbours that say the same are one.
struct CardStock {
  private(set) var ranges: [CardRange] = []

  var cardCount: UInt64 { ranges.reduce(0) { $0 + $1.count } }

  /// The range that holds a serial number.
  func range(containing serial: UInt64) -> CardRange? {
    let place = firstPlace(endingFrom: serial)
    guard place < ranges.count, ranges[place].firstSerial <= serial else { return nil }
    return ranges[place]
  }

  /// What there is of some serial numbers, cut off at both ends.
  func parts(_ serials: ClosedRange<UInt64>) -> [CardRange] {
    ranges[places(serials)].map { range in
      var part = range
      part.firstSerial = max(range.firstSerial, serials.lowerBound)
      part.lastSerial = min(range.lastSerial, serials.upperBound)
      return part
    }
  }

  /// The first of some serial numbers that no card has.
  func firstMissing(_ serials: ClosedRange<UInt64>) -> UInt64? {
    var next = serials.lowerBound
    for part in ranges[places(serials)] {
      guard part.firstSerial <= next else { return next }
      guard part.lastSerial < serials.upperBound else { return nil }
      next = part.lastSerial + 1
    }
    return next
  }

  /// Puts a range in the place of whatever there is of its serial numbers; what is beside them
  /// stays.
  ///
  /// - Precondition: `CardRange.isSound`.
  mutating func lay(_ range: CardRange) {
    precondition(range.isSound, "a card range without cards")
    var replaced = places(range.firstSerial...range.lastSerial)
    var pieces = [range]
    if let first = ranges[replaced].first, first.firstSerial < range.firstSerial {
      var piece = first
      piece.lastSerial = range.firstSerial - 1
      pieces.insert(piece, at: 0)
    }
    if let last = ranges[replaced].last, last.lastSerial > range.lastSerial {
      var piece = last
      piece.firstSerial = range.lastSerial + 1
      pieces.append(piece)
    }
    if replaced.lowerBound > 0 {
      pieces.insert(ranges[replaced.lowerBound - 1], at: 0)
      replaced = replaced.lowerBound - 1..<replaced.upperBound
    }
    if replaced.upperBound < ranges.count {
      pieces.append(ranges[replaced.upperBound])
      replaced = replaced.lowerBound..<replaced.upperBound + 1
    }
    ranges.replaceSubrange(replaced, with: Self.joined(pieces))
  }

  /// Pieces in order, those that follow each other and say the same as one.
  private static func joined(_ pieces: [CardRange]) -> [CardRange] {
    var joined: [CardRange] = []
    for piece in pieces {
      if let last = joined.last, last.lastSerial + 1 == piece.firstSerial, last.site == piece.site,
        last.isVoided == piece.isVoided
      {
        joined[joined.count - 1].lastSerial = piece.lastSerial
      } else {
        joined.append(piece)
      }
    }
    return joined
  }

  /// The places of the ranges that have any of some serial numbers.
  private func places(_ serials: ClosedRange<UInt64>) -> Range<Int> {
    let first = firstPlace(endingFrom: serials.lowerBound)
    // Serial numbers end far below the largest integer.
    var behind = firstPlace(endingFrom: serials.upperBound + 1)
    if behind < ranges.count, ranges[behind].firstSerial <= serials.upperBound { behind += 1 }
    return first..<max(first, behind)
  }

  /// The place of the first range that ends at a serial number or behind it.
  private func firstPlace(endingFrom serial: UInt64) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].lastSerial < serial { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension CardRange {
  var count: UInt64 { lastSerial - firstSerial + 1 }
  var isShipped: Bool { site.rawValue != 0 }

  /// Whether it holds cards, and their serial numbers are such.
  var isSound: Bool { firstSerial <= lastSerial && lastSerial <= CardScheme.serialMax }
}
