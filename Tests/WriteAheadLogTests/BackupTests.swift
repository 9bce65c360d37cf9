import Cryptography
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A backup")
struct BackupTests {
  private let source = SimulatedStorage(seed: 51)
  private let target = SimulatedStorage(seed: 52)

  init() throws { try TestLog.create(source) }

  private func restored() throws -> Int {
    let copy = SimulatedStorage(seed: 53)
    _ = try LogRestore.restore(
      from: target, into: copy, keyring: TestLog.keyring, upTo: .end,
      clockMilliseconds: TestLog.clock)
    return try TestLog.records(copy, keyring: TestLog.keyring).count
  }

  @Test("of a running log goes up to what is proven durable, and takes up where it ended")
  func online() throws {
    var log = try TestLog.open(source, keyring: TestLog.keyring)
    let backup = LogBackup(of: source, in: target)
    var committed = 0
    for step in 0..<30 {
      try log.commit([
        TestRecord(
          kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: UInt8(step), count: 300))
      ])
      committed += 1
      try log.prepare()
      if step % 7 == 3 { try log.settle() }
      if step % 4 == 3 {
        let position = try backup.copyDurable()
        // All but the newest batch is proven by the one behind it.
        #expect(position.rawValue >= UInt64(committed - 1) && position <= log.durablePosition)
        let verified = try LogInspector.verify(target)
        #expect(verified.lastPosition == position && verified.isCopy)
        #expect(try restored() == Int(position.rawValue))
      }
    }
    #expect(log.head.position.rawValue == 30)
  }

  @Test("that follows ships segments when they are closed, and nothing before")
  func follow() throws {
    var log = try TestLog.open(source, keyring: TestLog.keyring)
    try log.commit("first")
    let backup = LogBackup(of: source, in: target)
    #expect(try backup.copyDurable() == .zero, "nothing proves the first batch yet")
    var shipped: UInt64 = 0
    for step in 0..<40 {
      try log.commit([
        TestRecord(
          kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: UInt8(step), count: 300))
      ])
      try log.prepare()
      let position = try backup.copyClosed()
      #expect(position.rawValue >= shipped)
      let closed = try LogCatalog(source, isLive: true).begun.last?.basePosition ?? .zero
      #expect(position == closed)
      shipped = position.rawValue
    }
    #expect(shipped > 20)
    #expect(try LogInspector.verify(target).lastPosition.rawValue == shipped)
  }

  @Test("begins a history of its own when it is served as it is")
  func served() throws {
    do {
      var log = try TestLog.open(source, keyring: TestLog.keyring)
      try log.commit("one")
      try log.close()
    }
    _ = try LogBackup(of: source, in: target).copyDurable()
    var log = try TestLog.open(target, keyring: TestLog.keyring)
    #expect(log.durablePosition.rawValue == 1 << 32)
    #expect(log.recovery.history.parent == TestLog.history.identity)
    #expect("\(log.recovery)".contains("history of its own"))
    try log.commit("two")
    // And is then no copy that could be continued.
    target.restartProcess()
    #expect(throws: LogError.notACopy) {
      _ = try LogBackup(of: source, in: target).copyDurable()
    }
  }

  @Test("is never continued with another log")
  func otherLog() throws {
    do {
      var log = try TestLog.open(source, keyring: TestLog.keyring)
      try log.commit("one")
      try log.close()
    }
    _ = try LogBackup(of: source, in: target).copyDurable()
    let other = SimulatedStorage(seed: 54)
    try TestLog.create(other)
    var log = try TestLog.open(other, keyring: TestLog.keyring)
    for _ in 0..<3 { try log.commit("another log's record") }
    try log.settle()
    #expect(throws: LogError.self) { _ = try LogBackup(of: other, in: target).copyDurable() }
    #expect(try LogInspector.verify(target).lastPosition.rawValue == 1)
  }

  @Test("is whole up to the position it names, wherever its making is stopped")
  func stopped() throws {
    for stop in 0..<60 {
      let source = SimulatedStorage(seed: UInt64(stop))
      let target = SimulatedStorage(seed: UInt64(stop + 100))
      try TestLog.create(source)
      var log = try TestLog.open(source, keyring: TestLog.keyring)
      let backup = LogBackup(of: source, in: target)
      var named = LogPosition.zero
      target.stop(afterChanges: stop)
      for step in 0..<12 {
        try log.commit([
          TestRecord(
            kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: UInt8(step), count: 700))
        ])
        try log.prepare()
        if let position = try? backup.copyDurable() { named = position }
      }
      target.losePower()
      let found = try? LogInspector.verify(target)
      if let found {
        #expect(found.lastPosition >= named, "stop \(stop)")
      } else {
        #expect(named == .zero, "stop \(stop)")
        continue
      }
      // And goes on where it was stopped.
      try log.settle()
      let position = try backup.copyDurable()
      #expect(position.rawValue == 12)
      #expect(try LogInspector.verify(target).totals.recordCount == 12)
    }
  }
}
