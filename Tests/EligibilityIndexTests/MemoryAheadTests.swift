import Glibc
import Testing
import TransactionModel

@testable import EligibilityIndex

@Suite("Memory ahead of new cards")
struct MemoryAheadTests {
  private static let cardCount = UInt64(EligibilityIndex.recordsPerBlock * 3 + 100)

  private static func record(_ number: UInt64) -> EligibilityRecord {
    var record = EligibilityRecord(card: CardNumber(high: 1, low: number + 1))
    record.version = UInt32(number) + 1
    return record
  }

  /// An index of many cards without keys, and how often this thread had to wait for memory that it
  /// touched first.
  private struct Filled: ~Copyable {
    var index: EligibilityIndex
    var faultCount = 0
  }

  private static func filled(hasMemoryAhead: Bool) -> Filled {
    var filled = Filled(index: EligibilityIndex(expectedCount: Int(cardCount), hashSeed: 9))
    for number in 0..<cardCount {
      if hasMemoryAhead, number % UInt64(MemoryAhead.additionsBetween) == 0 {
        var memory = MemoryAhead()
        filled.index.addMemoryAhead(to: &memory)
        memory.populate()
      }
      let before = threadFaultCount
      filled.index.write(record(number))
      filled.faultCount += threadFaultCount - before
    }
    return filled
  }

  @Test("is where records go: hardly any is waited for, and nothing is lost", .onKernelThatProvides)
  func records() {
    let filled = Self.filled(hasMemoryAhead: true)
    let plain = Self.filled(hasMemoryAhead: false)
    let (faultCount, plainFaultCount) = (filled.faultCount, plain.faultCount)
    #expect(faultCount * 10 < plainFaultCount, "\(faultCount) of \(plainFaultCount)")
    let count = filled.index.count
    #expect(count == Int(Self.cardCount))
    let lost = (0..<Self.cardCount).filter { number in
      let slot = filled.index.find(Self.record(number).card)
      return filled.index[slot].version != UInt32(number) + 1
    }
    #expect(lost == [])
  }

  /// A table of 2^20 places that has little left, how often this thread had to wait while it grew,
  /// and what memory ahead was asked for.
  private static func grown(hasMemoryAhead: Bool) -> (faultCount: Int, byteCount: Int, lost: Int) {
    var table = FingerprintTable(expectedCount: 700_000)
    let full = UInt32(3 << 18)
    for number in 1...full { append(number, to: &table) }
    var memory = MemoryAhead()
    if hasMemoryAhead { table.addMemoryAhead(to: &memory) }
    memory.populate()
    let before = threadFaultCount
    for number in full + 1...full + 10_000 { append(number, to: &table) }
    let faultCount = threadFaultCount - before
    let lost = (1...full + 10_000).count { number in
      table.first(under: fingerprint(number)) { $0.ordinal == Int(number) }.isAbsent
    }
    return (faultCount, memory.byteCount, lost)
  }

  private static func append(_ number: UInt32, to table: inout FingerprintTable) {
    table.append(fingerprint(number), RecordSlot(rawValue: number))
  }

  private static func fingerprint(_ number: UInt32) -> UInt32 { number &* 2_654_435_761 }

  @Test("is where a table grows into, before and after it does", .onKernelThatProvides)
  func tables() {
    let (ahead, plain) = (
      Self.grown(hasMemoryAhead: true), Self.grown(hasMemoryAhead: false)
    )
    let placeByteCount = MemoryLayout<UInt64>.stride
    #expect(ahead.byteCount == (3 << 20) * placeByteCount && plain.byteCount == 0)
    #expect(ahead.faultCount * 4 < plain.faultCount, "\(ahead) of \(plain)")
    #expect(ahead.lost == 0 && plain.lost == 0)
  }

  @Test(
    "of a table is there before it grows, whenever it is looked for",
    arguments: [1, 4_096, MemoryAhead.additionsBetween])
  func windows(firstLook: Int) {
    // The smallest table whose next is worth it.
    var table = FingerprintTable(expectedCount: 98_000)
    let byteCount = table.allocatedByteCount
    #expect(byteCount * 2 == LargeMemory.hugePageByteCount)
    var look = firstLook
    for number in 1...UInt32(98_304) {
      Self.append(number, to: &table)
      guard table.count == look else { continue }
      var memory = MemoryAhead()
      table.addMemoryAhead(to: &memory)
      #expect(memory.byteCount == table.allocatedByteCount)
      look += MemoryAhead.additionsBetween
      // A thread that is busy misses some looks.
      if table.count > 98_304 / 2 { look += 2 * MemoryAhead.additionsBetween }
    }
    #expect(table.allocatedByteCount == 3 * byteCount)
    Self.append(98_305, to: &table)
    #expect(table.allocatedByteCount == 3 * byteCount, "moved into, and nothing else made")
  }

  @Test("is some megabytes, and the tables")
  func byteCount() {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 9)
    var memory = MemoryAhead()
    index.addMemoryAhead(to: &memory)
    let recordByteCount = MemoryLayout<EligibilityRecord>.stride
    let tableByteCount = index.allocatedByteCount - recordByteCount
    #expect(memory.byteCount == MemoryAhead.recordCount * recordByteCount + tableByteCount)
  }

  @Test("changes nothing that is there")
  func content() {
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 9)
    for number in 0..<UInt64(100) { index.write(Self.record(number)) }
    var memory = MemoryAhead()
    index.addMemoryAhead(to: &memory)
    // More than that, and into tables that take the place of those.
    for number in 100..<UInt64(20_000) { index.write(Self.record(number)) }
    memory.populate()
    let changed = (0..<UInt64(20_000)).filter { number in
      index[index.find(Self.record(number).card)].version != UInt32(number) + 1
    }
    #expect(changed == [])
  }

  @Test("is no longer provided when it is not wanted, between two pages", .onKernelThatProvides)
  func stop() {
    let pageByteCount = LargeMemory.hugePageByteCount
    var array = LargeArray<UInt8>(count: 8 * pageByteCount)
    var memory = MemoryAhead()
    memory.add(array, 0..<array.count)
    var askedCount = 0
    let errorNumber = memory.populate {
      askedCount += 1
      return askedCount <= 3
    }
    #expect(errorNumber == 0 && askedCount == 4)
    let before = Self.threadFaultCount
    array[3 * pageByteCount - 1] = 1
    let afterThird = Self.threadFaultCount
    array[3 * pageByteCount] = 1
    let afterFourth = Self.threadFaultCount
    #expect(afterThird == before && afterFourth > afterThird)
  }

  @Test("that was given back meanwhile ends it with ENOMEM", .onKernelThatProvides)
  func givenBack() async {
    // In a process where nobody else maps what was given back.
    await #expect(processExitsWith: .success) {
      var memory = MemoryAhead()
      do {
        let array = LargeArray<UInt8>(count: 8 * LargeMemory.hugePageByteCount)
        memory.add(array, 0..<array.count)
      }
      var askedCount = 0
      let errorNumber = memory.populate {
        askedCount += 1
        return true
      }
      #expect(errorNumber == ENOMEM && askedCount == 1)
    }
  }

  @Test("is done without where the system gives no more")
  func refused() async {
    await #expect(processExitsWith: .success) {
      var index = EligibilityIndex(expectedCount: 98_000, hashSeed: 9)
      let count = EligibilityIndex.recordsPerBlock - 100
      for number in 0..<UInt64(count) { index.write(MemoryAheadTests.record(number)) }
      let byteCount = index.allocatedByteCount
      var memory = MemoryAhead()
      forbidMemory()
      index.addMemoryAhead(to: &memory)
      #expect(index.allocatedByteCount == byteCount, "no table was made")
      let tableByteCount = byteCount - (count + 1) * MemoryLayout<EligibilityRecord>.stride
      let recordByteCount = memory.byteCount - tableByteCount
      #expect(recordByteCount == 99 * MemoryLayout<EligibilityRecord>.stride)
    }
  }

  /// Times that this thread had to wait for memory.
  private static var threadFaultCount: Int {
    var usage = rusage()
    let ofThisThread = __rusage_who_t(1)
    precondition(unsafe getrusage(ofThisThread, &usage) == 0)
    return usage.ru_minflt
  }
}

/// Lets the process map nothing more, but for what small things take.
private func forbidMemory() {
  var limit = rlimit()
  precondition(unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
  limit.rlim_cur = 1 << 20
  precondition(unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
}

extension Trait where Self == ConditionTrait {
  /// Kernels before 5.14 provide no memory ahead: all goes on without, and there is nothing to see.
  fileprivate static var onKernelThatProvides: Self {
    .enabled("the kernel provides no memory ahead: it is older than 5.14") {
      let array = LargeArray<UInt8>(count: 1)
      var memory = MemoryAhead()
      memory.add(array, 0..<1)
      return memory.populate() != EINVAL
    }
  }
}
