import SimulatedStorage
import Testing
import TransactionModel

@testable import EligibilityIndex

@Suite("The eligibility index")
struct EligibilityIndexTests {
  @Test("an empty one finds the absent record, on which nothing has happened")
  func absent() {
    let index = EligibilityIndex(expectedCount: 0, hashSeed: 1)
    let slot = index.find(card(1))
    #expect(slot.isAbsent && slot == .absent)
    #expect(index[slot].version == 0 && index[slot].lastPosition == .zero)
    #expect(index[slot].card.isBlank && !index[slot].hasBeenActivated)
    #expect(index.find(.blank).isAbsent)
    #expect(index.count == 0)
  }

  @Test("holds what a dictionary holds", arguments: [UInt64(1), 2, 3, 4])
  func againstDictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var index = EligibilityIndex(expectedCount: Int(seed) * 100, hashSeed: random.next())
    var model: [CardNumber: UInt32] = [:]
    for version in UInt32(1)...6_000 {
      let card = card(random.next() % 3_000)
      var record = EligibilityRecord(card: card)
      record.version = version
      index.write(record)
      model[card] = version
      #expect(index.count == model.count, "seed \(seed)")
    }
    for number in UInt64(0)..<3_500 {
      let slot = index.find(card(number))
      #expect(slot.isAbsent == (model[card(number)] == nil), "seed \(seed)")
      #expect(index[slot].version == model[card(number)] ?? 0, "seed \(seed)")
    }
  }

  @Test("is the same after any cards were foreseen", arguments: [0, 1, 500, 790])
  func foreseen(count: Int) {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 5)
    for number in 0..<UInt64(count) { index.write(EligibilityRecord(card: card(number))) }
    let cards = (UInt64(0)..<900).map { card($0) } + [.blank]
    index.foresee(cards.span)
    index.foresee([CardNumber]().span)
    #expect(index.count == count)
    for number in UInt64(0)..<900 {
      #expect(index.find(card(number)).isAbsent == (number >= count))
    }
  }

  @Test("grows over many blocks and loses nothing; a slot stays where it is")
  func growth() {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 9)
    let count = UInt64(EligibilityIndex.recordsPerBlock * 2 + 100)
    index.write(record(0))
    let first = index.find(card(0))
    for number in 1..<count { index.write(record(number)) }
    #expect(index.count == Int(count))
    #expect(index.find(card(0)) == first)
    let lost = (0..<count).filter { number in
      let slot = index.find(card(number))
      return index[slot].card != card(number) || index[slot].version != UInt32(number) + 1
    }
    #expect(lost == [])
    #expect(index[.absent].version == 0 && index[.absent].card.isBlank)
  }

  @Test("room made at once is not outgrown by as many records as were expected")
  func expectedCount() {
    var index = EligibilityIndex(expectedCount: 4_000, hashSeed: 9)
    let byteCount = index.allocatedByteCount
    for number in UInt64(0)..<4_000 { index.write(record(number)) }
    let recordByteCount = 4_000 * MemoryLayout<EligibilityRecord>.stride
    #expect(index.allocatedByteCount == byteCount + recordByteCount)
  }

  @Test("numbers that differ in one character only are told apart")
  func neighbours() {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 5)
    for place in UInt64(0)..<8 {
      for value in UInt64(1)..<10 {
        index.write(EligibilityRecord(card: CardNumber(high: value << (place * 8), low: 1)))
        index.write(EligibilityRecord(card: CardNumber(high: 1, low: value << (place * 8))))
      }
    }
    // The number 1, 1 was written twice.
    #expect(index.count == 2 * 8 * 9 - 1)
  }

  @Test("the number of no card is never written")
  func blank() async {
    await #expect(processExitsWith: .failure) {
      var index = EligibilityIndex(expectedCount: 0, hashSeed: 5)
      index.write(EligibilityRecord(card: .blank))
    }
  }

  private func card(_ number: UInt64) -> CardNumber {
    CardNumber(high: 0x3030_3030_3030_3030, low: number &* 0x0101_0101_0101)
  }

  private func record(_ number: UInt64) -> EligibilityRecord {
    var record = EligibilityRecord(card: card(number))
    record.version = UInt32(number) + 1
    return record
  }
}
