import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A log made from another one")
struct RestoreTests {
  private let source = SimulatedStorage(seed: 31)
  private let records: [TestRecord]

  /// Three segments of four batches with three records each; the last is still open.
  init() throws {
    try TestLog.create(source)
    var records: [TestRecord] = []
    for run in 0..<3 {
      var log = try TestLog.open(source, keyring: TestLog.keyring)
      for batch in 0..<4 {
        let written = (0..<3).map { index in
          TestRecord(
            kind: 3, serverTimeMilliseconds: UInt64(1000 + 100 * run + 10 * batch + index),
            body: Array("\(run) \(batch) \(index)".utf8))
        }
        try log.commit(written)
        records += written
      }
      source.restartProcess()
    }
    self.records = records
  }

  private func restore(_ point: RestorePoint) throws -> (SimulatedStorage, LogRestoration) {
    let target = SimulatedStorage(seed: 32)
    let made = try LogRestore.restore(
      from: source, into: target, keyring: TestLog.keyring, upTo: point,
      clockMilliseconds: TestLog.clock)
    return (target, made)
  }

  @Test("has what it was restored to have, and goes on in a history of its own", arguments: 1...36)
  func toPosition(_ last: Int) throws {
    let before = source.changeCount
    let (target, made) = try restore(.position(LogPosition(rawValue: UInt64(last))))
    #expect(source.changeCount == before)
    #expect(made.lastPosition.rawValue == UInt64(last))
    #expect(made.givenUp?.first.rawValue == (last == 36 ? nil : UInt64(last + 1)))
    #expect(made.history.parent == TestLog.history.identity)
    #expect(made.history.parentPosition.rawValue == UInt64(last))
    #expect(
      try TestLog.records(target, keyring: TestLog.keyring) == Array(records.prefix(last)))
    var log = try TestLog.open(target, keyring: TestLog.keyring)
    #expect(log.durablePosition.rawValue == 1 << 32)
    try log.commit("new", at: 5_000)
    target.restartProcess()
    #expect(try TestLog.records(target, keyring: TestLog.keyring).count == last + 1)
  }

  @Test(
    "ends with the last record that is not later than a time",
    arguments: [(UInt64(1000), 1), (1_005, 3), (1_012, 6), (1_099, 12), (1_132, 24), (9_999, 36)])
  func toTime(milliseconds: UInt64, count: Int) throws {
    let (target, made) = try restore(.time(milliseconds: milliseconds))
    #expect(made.lastPosition.rawValue == UInt64(count))
    #expect(
      try TestLog.records(target, keyring: TestLog.keyring) == Array(records.prefix(count)))
  }

  @Test("is not made of what is not there, nor where something is, nor of a damaged log")
  func refused() throws {
    for point in [
      RestorePoint.position(.zero), .position(LogPosition(rawValue: 37)), .time(milliseconds: 999),
    ] {
      #expect(throws: LogError.nothingThere) { _ = try restore(point) }
    }
    let target = SimulatedStorage(seed: 33)
    target.setContent(of: "something", [1])
    #expect(throws: LogError.directoryNotEmpty) {
      _ = try LogRestore.restore(
        from: source, into: target, keyring: TestLog.keyring, upTo: .end,
        clockMilliseconds: TestLog.clock)
    }
    var bytes = try #require(source.content(of: LogFileName.segment(2)))
    bytes[900] ^= 1
    source.setContent(of: LogFileName.segment(2), bytes)
    let error = #expect(throws: LogError.self) { _ = try restore(.end) }
    guard case .damaged = error else {
      Issue.record("\(error as Any)")
      return
    }
  }

  /// A log restored to position 30, which has given a position of its own history since.
  private func secondHistory() throws -> SimulatedStorage {
    let (second, _) = try restore(.position(LogPosition(rawValue: 30)))
    do {
      var log = try TestLog.open(second, keyring: TestLog.keyring)
      try log.commit("of the second history", at: 5_000)
    }
    second.restartProcess()
    return second
  }

  @Test("gives no position that any history of the log has given, whichever it branches off from")
  func laterHistories() throws {
    let second = try secondHistory()
    func isAboveAll(_ made: LogRestoration?) {
      #expect(made?.lastPosition.rawValue == 6)
      #expect(made?.firstNewPosition.rawValue == 2 << 32 + 1)
      #expect(made?.history.parent == TestLog.history.identity)
    }
    let third = SimulatedStorage(seed: 34)
    isAboveAll(
      try LogRestore.restore(
        from: second, into: third, keyring: TestLog.keyring,
        upTo: .position(LogPosition(rawValue: 6)), clockMilliseconds: TestLog.clock))
    #expect(try TestLog.records(third, keyring: TestLog.keyring).count == 6)
    try damageThirdBatch(of: second)
    let repaired = SimulatedStorage(seed: 35)
    isAboveAll(
      try LogRestore.repair(
        second, into: { repaired }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)?
        .made)
    #expect(try TestLog.records(repaired, keyring: TestLog.keyring).count == 6)
  }

  private func damageThirdBatch(of storage: SimulatedStorage) throws {
    var bytes = try #require(storage.content(of: LogFileName.segment(1)))
    let batchByteCount =
      try #require(
        stride(from: 320, to: bytes.count, by: 64).first {
          Array(bytes[$0 + 32..<$0 + 40]) == Array("POSDBTCH".utf8)
        }
      ) - 256
    bytes[256 + 2 * batchByteCount + 200] ^= 1
    storage.setContent(of: LogFileName.segment(1), bytes)
  }

  @Test(
    "gives no position of a later history, wherever its making is stopped and served all the same",
    arguments: [5, 6, nil] as [UInt64?])
  func stoppedBelowLaterHistory(restoredTo last: UInt64?) throws {
    let second = try secondHistory()
    let given: UInt64 = 1 << 32 + 1
    #expect(try LogInspector.verify(second).lastPosition.rawValue == given)
    if last == nil { try damageThirdBatch(of: second) }
    var servedCount = 0
    for stop in 0..<40 {
      let target = SimulatedStorage(seed: UInt64(stop))
      target.stop(afterChanges: stop)
      let made =
        if let last {
          try? LogRestore.restore(
            from: second, into: target, keyring: TestLog.keyring,
            upTo: .position(LogPosition(rawValue: last)), clockMilliseconds: TestLog.clock)
        } else {
          try? LogRestore.repair(
            second, into: { target }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)?
            .made
        }
      target.losePower()
      do throws(LogError) {
        let log = try TestLog.open(target, keyring: TestLog.keyring)
        #expect(log.durablePosition.rawValue >= 2 << 32, "stop \(stop)")
        if made == nil { servedCount += 1 }
      } catch {
        #expect(error == .noLog && made == nil, "stop \(stop): \(error)")
      }
    }
    #expect(servedCount > 0, "nothing half-made was ever served")
  }

  @Test("is no log, or one in a history of its own, wherever its making is stopped")
  func stopped() throws {
    for stop in 0..<40 {
      let target = SimulatedStorage(seed: UInt64(stop))
      target.stop(afterChanges: stop)
      let made = try? LogRestore.restore(
        from: source, into: target, keyring: TestLog.keyring,
        upTo: .position(LogPosition(rawValue: 20)), clockMilliseconds: TestLog.clock)
      target.losePower()
      do throws(LogError) {
        var found = 0
        let log = try TestLog.open(target, keyring: TestLog.keyring) { _ in found += 1 }
        // A copy that was served before its last batch was cut begins a history all the same.
        #expect(log.durablePosition.rawValue == 1 << 32 && found >= 18, "stop \(stop)")
      } catch {
        #expect(error == .noLog && made == nil, "stop \(stop): \(error)")
      }
    }
  }
}
