import EligibilityIndex
import EligibilityPolicy
import Glibc
import Support
import Testing
import TransactionModel
import WriteAheadLog

@testable import TransactionEngine

@Suite("Memory ahead of the engine")
struct MemoryAheadTests {
  /// What takes memory that nothing else had.
  enum Addition: CaseIterable {
    case record, key, change

    func make(_ number: Int, in engine: inout TransactionEngine) {
      let record = EligibilityRecord(card: CardNumber(high: 2, low: UInt64(number)))
      switch self {
      case .record: engine.index.write(record)
      case .key:
        engine.index.addKey(UInt32(number) &* 2_654_435_761, for: engine.index.slot(at: 1))
      case .change: engine.undoStore.keep(record, number)
      }
    }
  }

  private static func engine(reversibleChangeCountMax: Int) throws -> TransactionEngine {
    var settings = Fixture.settings
    settings.reversibleChangeCountMax = reversibleChangeCountMax
    var engine = try TransactionEngine(
      settings: settings, policy: .compiledIn, confirmationKey: FixtureEngine.confirmationKey,
      hashSeed: 1)
    engine.index.write(EligibilityRecord(card: Fixture.card(0)))
    return engine
  }

  @Test(
    "is due after some thousand additions, and that is told once until somebody looks",
    arguments: Addition.allCases)
  func due(addition: Addition) throws {
    var engine = try Self.engine(reversibleChangeCountMax: 100_000)
    _ = engine.memoryAhead()
    var count = 0
    var dueCounts: [Int] = []
    for _ in 0..<2 {
      let end = count + 2 * MemoryAhead.additionsBetween
      while count < end {
        count += 1
        addition.make(count, in: &engine)
        if engine.takeMemoryDue() { dueCounts.append(count) }
      }
      _ = engine.memoryAhead()
    }
    #expect(dueCounts == [MemoryAhead.additionsBetween, 3 * MemoryAhead.additionsBetween])
  }

  @Test("takes nothing for the records before changes while no card has one")
  func firstChanges() {
    var store = UndoStore(countMax: 100_000, ageMillisecondsMax: 1)
    for number in 1...10 { store.keep(nil, number) }
    var before = MemoryAhead()
    store.addMemoryAhead(to: &before)
    store.keep(EligibilityRecord(card: Fixture.card(0)), 1)
    var after = MemoryAhead()
    store.addMemoryAhead(to: &after)
    let imageByteCount = MemoryAhead.recordCount * MemoryLayout<EligibilityRecord>.stride
    #expect(after.byteCount - before.byteCount == imageByteCount)
  }

  @Test("goes on at the beginning of a ring of changes that is about to turn")
  func turning() {
    let countMax = 2 * MemoryAhead.recordCount
    var store = UndoStore(countMax: countMax, ageMillisecondsMax: 1)
    for number in 1...countMax - 10 { store.keep(nil, number) }
    var memory = MemoryAhead()
    store.addMemoryAhead(to: &memory)
    let entryByteCount = MemoryLayout<UndoStore.Entry>.stride
    #expect(memory.byteCount == MemoryAhead.recordCount * entryByteCount)
  }

  @Test("is provided only while it is wanted")
  func wanted() throws {
    let engine = SharedEngine(try Self.engine(reversibleChangeCountMax: 100))
    var askedCount = 0
    engine.makeMemoryAhead {
      askedCount += 1
      return false
    }
    #expect(askedCount == 1)
  }

  @Test("is where changes are kept that may be reversed, also when their ring has turned once")
  func changes() throws {
    let ahead = Self.faultCount(hasMemoryAhead: true)
    let plain = Self.faultCount(hasMemoryAhead: false)
    guard let ahead else { try Test.cancel("the kernel provides no memory ahead") }
    let plainCount = try #require(plain)
    #expect(ahead * 4 < plainCount, "\(ahead) of \(plainCount)")
  }

  /// How often this thread had to wait while a store's ring turned twice; `nil` on a kernel before
  /// 5.14.
  ///
  /// It was restored with first changes of cards, which have no record before.
  private static func faultCount(hasMemoryAhead: Bool) -> Int? {
    // Enough for huge pages where the system has them, of the small entries too.
    let countMax = 70_000
    var store = UndoStore(countMax: countMax, ageMillisecondsMax: 1)
    for number in 1...30_000 { store.keep(nil, number) }
    var faultCount = 0
    for number in 30_001...2 * countMax {
      if hasMemoryAhead, number % MemoryAhead.additionsBetween == 0 || number == 30_001 {
        var memory = MemoryAhead()
        store.addMemoryAhead(to: &memory)
        guard memory.populate() != EINVAL else { return nil }
      }
      let before = threadFaultCount
      // Places of few cards: no numbers of theirs are added.
      store.keep(EligibilityRecord(card: CardNumber(high: 2, low: 1)), number % 100)
      faultCount += threadFaultCount - before
    }
    return faultCount
  }

  /// Times that this thread had to wait for memory.
  private static var threadFaultCount: Int {
    var usage = rusage()
    let ofThisThread = __rusage_who_t(1)
    precondition(unsafe getrusage(ofThisThread, &usage) == 0)
    return usage.ru_minflt
  }
}

extension UndoStore {
  fileprivate mutating func keep(_ record: EligibilityRecord?, _ ordinal: Int) {
    insert(
      record, at: ordinal, position: LogPosition(rawValue: 1),
      serverTime: Instant(milliseconds: 1))
  }
}
