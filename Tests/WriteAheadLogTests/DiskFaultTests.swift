import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A disk that fails")
struct DiskFaultTests {
  private let storage = SimulatedStorage(seed: 61)

  init() throws {
    try TestLog.create(storage)
    for _ in 0..<2 {
      var log = try TestLog.open(storage)
      for text in ["one", "two", "three"] { try log.commit(text) }
      storage.restartProcess()
    }
  }

  @Test("in reading is named as such: it is no damage, and nothing is changed", arguments: 0..<40)
  func read(_ count: Int) throws {
    let before = try storage.names().map { storage.content(of: $0) }
    storage.failRead(after: count)
    var found = 0
    do throws(LogError) {
      _ = try TestLog.open(storage) { _ in found += 1 }
      #expect(found == 6)
    } catch {
      guard case .system(let cause, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(cause == SimulatedStorage.readError)
    }
    storage.restartProcess()
    let after = try storage.names().map { storage.content(of: $0) }
    for (old, new) in zip(before.dropLast(), after) where new != nil && found < 6 {
      #expect(old == new)
    }
    #expect(try TestLog.records(storage).count == 6)
  }

  @Test("in reading a snapshot is named as such, and ends the reading", arguments: 0..<12)
  func readSnapshot(_ count: Int) throws {
    let storage = SimulatedStorage(seed: 62)
    try TestLog.create(storage)
    for _ in 0..<2 {
      try TallySnapshot.start(storage).log.log.commit("one")
      storage.restartProcess()
    }
    try TallySnapshot.make(storage)
    let name = try #require(try LogSnapshot.names(storage).first)
    storage.failRead(after: count)
    var recordCount = 0
    do throws(LogError) {
      _ = try LogSnapshot.read(storage, name, keyring: TestLog.keyring) { _ in recordCount += 1 }
      #expect(recordCount == 1)
    } catch {
      #expect(error == .system(SimulatedStorage.readError, file: name))
    }
    storage.failRead(after: nil)
    _ = try LogSnapshot.prove(storage, name)
  }

  @Test("in writing ends the log, and what was acknowledged is there after a restart")
  func write() throws {
    for seed in UInt64(0)..<40 {
      let storage = SimulatedStorage(seed: seed)
      try TestLog.create(storage)
      var log = try TestLog.open(storage)
      var acknowledged = 0
      storage.failWrite(after: Int(seed % 10))
      do throws(LogError) {
        for _ in 0..<12 {
          try log.commit([
            TestRecord(
              kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: 7, count: 600))
          ])
          acknowledged += 1
          try? log.prepare()
        }
        Issue.record("the write did not fail, seed \(seed)")
      } catch {
        guard case .system(SimulatedStorage.writeError, _) = error else {
          Issue.record("\(error), seed \(seed)")
          continue
        }
      }
      storage.losePower()
      let found = try TestLog.records(storage).count
      #expect(found == acknowledged || found == acknowledged + 1, "seed \(seed)")
    }
  }
}
