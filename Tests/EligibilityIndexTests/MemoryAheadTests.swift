import Glibc
import Testing
import TransactionModel

@testable import EligibilityIndex

@Suite("Memory ahead of new cards")
struct MemoryAheadTests {
  private static let cardCount = UInt64(EligibilityIndex.recordsPerBlock * 3 + 100)
  /// So many keys that the table of keys grows where it is told ahead, and where it is not.
  private static let keysPerCard = UInt64(4)

  /// An index of many cards with their keys, and how often this thread had to wait for memory that
  /// it touched first.
  private struct Filled: ~Copyable {
    var index: EligibilityIndex
    var faultCount = 0
  }

  private static func filled(hasMemoryAhead: Bool) -> Filled {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 9)
    var faultCount = 0
    for number in 0..<cardCount {
      if hasMemoryAhead, index.isMemoryDue { index.memoryAhead().populate() }
      let before = threadFaultCount
      let slot = index.write(record(number))
      for key in 0..<keysPerCard { index.addKey(fingerprint(number, key), for: slot) }
      faultCount += threadFaultCount - before
    }
    return Filled(index: index, faultCount: faultCount)
  }

  private static func record(_ number: UInt64) -> EligibilityRecord {
    var record = EligibilityRecord(card: CardNumber(high: 1, low: number + 1))
    record.version = UInt32(number) + 1
    return record
  }

  private static func fingerprint(_ number: UInt64, _ key: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (number * keysPerCard + key) &* 2_654_435_761)
  }

  /// Times that this thread had to wait for memory.
  private static var threadFaultCount: Int {
    var usage = rusage()
    let ofThisThread = __rusage_who_t(1)
    precondition(unsafe getrusage(ofThisThread, &usage) == 0)
    return usage.ru_minflt
  }

  @Test("is where records and tables go: hardly any memory is waited for, and nothing is lost")
  func fill() {
    let filled = Self.filled(hasMemoryAhead: true)
    let plain = Self.filled(hasMemoryAhead: false)
    let (faultCount, plainFaultCount) = (filled.faultCount, plain.faultCount)
    #expect(faultCount * 2 < plainFaultCount, "\(faultCount) of \(plainFaultCount)")
    let count = filled.index.count
    #expect(count == Int(Self.cardCount))
    let lost = (0..<Self.cardCount).filter { number in
      let slot = filled.index.find(Self.record(number).card)
      return filled.index[slot].version != UInt32(number) + 1
        || (0..<Self.keysPerCard).contains { key in
          let candidates = filled.index.candidates(for: Self.fingerprint(number, key))
          return !(0..<candidates.count).contains { candidates[$0] == slot }
        }
    }
    #expect(lost == [])
    let (entries, plainEntries) = (filled.index.keyEntries(), plain.index.keyEntries())
    #expect(entries == plainEntries)
  }

  @Test("is some megabytes, and told of again after some thousand records only")
  func due() {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 9)
    #expect(index.isMemoryDue == true)
    let byteCount = index.memoryAhead().byteCount
    #expect(byteCount == EligibilityIndex.recordsAhead * MemoryLayout<EligibilityRecord>.stride)
    #expect(index.isMemoryDue == false)
    var count = 0
    while !index.isMemoryDue, count < 10_000 {
      index.write(Self.record(UInt64(count)))
      count += 1
    }
    #expect((1_000..<10_000).contains(count))
  }

  @Test("changes nothing that is there")
  func content() {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 9)
    for number in 0..<UInt64(100) { index.write(Self.record(number)) }
    let memory = index.memoryAhead()
    for number in 100..<UInt64(20_000) { index.write(Self.record(number)) }
    memory.populate()
    let changed = (0..<UInt64(20_000)).filter { number in
      index[index.find(Self.record(number).card)].version != UInt32(number) + 1
    }
    #expect(changed == [])
  }
}
