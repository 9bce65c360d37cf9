import SimulatedStorage
import Testing
import TransactionModel

@testable import EligibilityIndex

@Suite("The secondary keys")
struct SecondaryKeyTests {
  @Test("lead to what a dictionary leads to", arguments: [UInt64(1), 2, 3])
  func againstDictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var table = FingerprintTable(expectedCount: 10)
    var model: [UInt32: [RecordSlot]] = [:]
    for _ in 0..<6_000 {
      // Few fingerprints, of which many share a place.
      let fingerprint = UInt32(truncatingIfNeeded: random.next() % 1_500) << 12
      let slot = RecordSlot(rawValue: UInt32(random.next() % 20) + 1)
      table.insert(fingerprint, slot)
      var slots = model[fingerprint] ?? []
      if slots.count < KeyCandidates.countMax, !slots.contains(slot) { slots.append(slot) }
      model[fingerprint] = slots
    }
    #expect(table.count == model.values.reduce(0) { $0 + $1.count }, "seed \(seed)")
    for fingerprint in UInt32(0)..<1_600 {
      let found = table.candidates(for: fingerprint << 12)
      let slots = (0..<found.count).map { found[$0] }
      #expect(Set(slots) == Set(model[fingerprint << 12] ?? []), "seed \(seed)")
      #expect((found.count..<8).allSatisfy { found[$0].isAbsent })
    }
  }

  @Test("are all found, once, at every step of a table's growth")
  func growth() {
    var table = FingerprintTable(expectedCount: 0)
    // 768 fill the first table; it is moved while the next 128 come, a few places with each.
    for raw in UInt32(1)...1_700 {
      table.insert(raw &* 0x9E37_79B9, RecordSlot(rawValue: raw))
      guard raw % 16 == 0 || (760...1_000).contains(raw) else { continue }
      for other in stride(from: UInt32(1), through: raw, by: 7) {
        let found = table.candidates(for: other &* 0x9E37_79B9)
        #expect(found.count == 1 && found[0].rawValue == other, "\(other) of \(raw)")
      }
      #expect(table.sortedEntries().count == Int(raw))
      #expect(Set(table.sortedEntries()).count == Int(raw))
    }
  }

  @Test("that many share are kept for eight records, and cost no more than that")
  func shared() {
    var table = FingerprintTable(expectedCount: 0)
    for raw in UInt32(1)...10_000 { table.insert(7, RecordSlot(rawValue: raw)) }
    #expect(table.count == KeyCandidates.countMax)
    let found = table.candidates(for: 7)
    #expect((0..<found.count).map { found[$0].rawValue } == Array(1...8))
  }

  @Test("differ by order, seed and end of what they are made of")
  func fingerprints() {
    func fingerprint(_ words: [UInt64], seed: UInt64 = 1) -> UInt32 {
      var hasher = KeyHasher(seed: seed)
      for word in words { hasher.combine(word) }
      return hasher.finish()
    }
    let all = [
      fingerprint([1, 2]), fingerprint([2, 1]), fingerprint([1, 2], seed: 2), fingerprint([1]),
      fingerprint([1, 2, 0]), fingerprint([]),
    ]
    #expect(Set(all).count == all.count)
    #expect(Set((UInt64(0)..<10_000).map { fingerprint([$0]) }).count > 9_990)
  }

  @Test(
    "leave the index below 1.4 times its records, with all four keys of every one",
    arguments: [(10_000, 10_000), (49_153, 0)])
  func memory(count: Int, expectedCount: Int) {
    var index = EligibilityIndex(expectedCount: expectedCount, hashSeed: 9)
    for number in 1...count {
      let slot = index.write(
        EligibilityRecord(card: CardNumber(high: UInt64(number), low: 1)))
      for key in UInt64(0)..<4 {
        var hasher = index.keyHasher
        hasher.combine(UInt64(number))
        hasher.combine(key)
        index.addKey(hasher.finish(), for: slot)
      }
    }
    let records = count * MemoryLayout<EligibilityRecord>.stride
    let share = Double(index.allocatedByteCount) / Double(records)
    #expect(share < 1.4, "\(share) times \(MemoryLayout<EligibilityRecord>.stride) bytes a card")
  }
}
