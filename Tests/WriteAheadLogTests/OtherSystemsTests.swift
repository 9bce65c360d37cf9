import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

/// Each test is a defect that a trusted system had.
@Suite("What happened to other systems does not happen here:")
struct OtherSystemsTests {
  private let storage = SimulatedStorage(seed: 71)

  init() throws { try TestLog.create(storage) }

  private func record(_ byteCount: Int) -> TestRecord {
    TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [UInt8](repeating: 5, count: byteCount))
  }

  private func run(_ body: (inout FileLog) throws -> Void) throws {
    var log = try TestLog.open(storage)
    try body(&log)
    storage.restartProcess()
  }

  @Test("etcd 14370, a change acknowledged before it was durable")
  func acknowledgedEarly() throws {
    var log = try TestLog.open(storage)
    _ = storage.record(true)
    try log.write([record(10)])
    #expect(log.durablePosition == .zero)
    _ = try log.waitUntilDurable()
    let calls = storage.record(false)
    #expect(calls.last?.hasPrefix("fdatasync") == true && log.durablePosition.rawValue == 1)
  }

  @Test("etcd 6378, of one append the end was kept and the beginning not: would not start")
  func endWithoutBeginning() throws {
    try run { log in
      try log.commit([record(10)])
      try log.write([record(100), record(100), record(100)])
    }
    let name = LogFileName.segment(1)
    var bytes = try #require(storage.content(of: name))
    for lost in 0..<8 {
      var torn = bytes
      for offset in 512..<512 + 64 * (lost + 1) { torn[offset] = 0 }
      storage.setContent(of: name, torn)
      #expect(try LogInspector.verify(storage).lastPosition.rawValue == 1, "\(lost)")
    }
    for offset in 512..<576 { bytes[offset] = 0 }
    storage.setContent(of: name, bytes)
    #expect(try TestLog.records(storage).count == 1)
  }

  @Test("etcd 6368, a file renamed into place is gone after power was lost")
  func renameWithoutDirectorySync() throws {
    for seed in UInt64(0)..<30 {
      let storage = SimulatedStorage(seed: seed)
      try TestLog.create(storage)
      var log = try TestLog.open(storage)
      for _ in 0..<8 {
        try log.prepare()
        try log.commit([record(700)])
      }
      storage.losePower()
      #expect(try TestLog.records(storage).count == 8, "seed \(seed)")
    }
  }

  @Test("several: a record with a wrong length hides everything behind it")
  func wrongLength() throws {
    try run { log in for _ in 0..<3 { try log.commit([record(10)]) } }
    let name = LogFileName.segment(1)
    let good = try #require(storage.content(of: name))
    // The content's and the extent's byte counts of the second batch, and its record's.
    for field in [512 + 92, 512 + 96, 512 + BatchHeader.byteCount] {
      for bit in 0..<32 {
        var bytes = good
        bytes[field + bit / 8] ^= 1 << (bit % 8)
        storage.setContent(of: name, bytes)
        let error = #expect(throws: LogError.self) { _ = try TestLog.open(storage) }
        guard case .damaged(let damage) = error else { continue }
        #expect(damage.firstLostPosition.rawValue == 2 && damage.lastLostPosition?.rawValue == 2)
      }
    }
  }

  @Test("Redis, a byte flipped inside a value is loaded")
  func flippedByte() throws {
    try run { log in
      try log.commit([record(100)])
      try log.settle()
    }
    let name = LogFileName.segment(1)
    let good = try #require(storage.content(of: name))
    for offset in 256 + BatchHeader.byteCount + 24..<256 + BatchHeader.byteCount + 124 {
      var bytes = good
      bytes[offset] ^= 0x20
      storage.setContent(of: name, bytes)
      #expect(throws: LogError.self) { _ = try TestLog.open(storage) }
    }
  }

  @Test("Redis, RocksDB, SQLite, PostgreSQL: a log that was cut is loaded as if that were its end")
  func cutTail() throws {
    try run { log in
      try log.commit([record(10)])
      try log.commit([record(10)])
      try log.settle()
    }
    let name = LogFileName.segment(1)
    let good = try #require(storage.content(of: name))
    for cut in stride(from: 256, to: 1024, by: 64) {
      // The file is shorter, or as long as it was with zeros where the end had been.
      for bytes in [
        Array(good.prefix(cut)),
        Array(good.prefix(cut)) + [UInt8](repeating: 0, count: good.count - cut),
      ] {
        storage.setContent(of: name, bytes)
        #expect(throws: LogError.self) { _ = try TestLog.open(storage) }
      }
    }
  }

  @Test("Redis, syncs left out while a copy of the data is being made")
  func syncsDuringCopy() throws {
    let copy = SimulatedStorage(seed: 72)
    var log = try TestLog.open(storage)
    let backup = LogBackup(of: storage, in: copy)
    for step in 0..<12 {
      _ = try backup.copyDurable()
      _ = storage.record(true)
      try log.commit([record(300)])
      let calls = storage.record(false)
      #expect(calls.last?.hasPrefix("fdatasync") == true, "commit \(step)")
      try log.prepare()
    }
  }

  @Test("PostgreSQL, a sync that failed was tried again and called data durable that was gone")
  func failedSync() throws {
    var log = try TestLog.open(storage)
    try log.commit([record(10)])
    storage.failSync(after: 0)
    _ = storage.record(true)
    #expect(throws: LogError.self) { try log.commit([record(10)]) }
    #expect(storage.record(false).filter { $0.hasPrefix("fdatasync") }.count == 1)
    // The process ends; the next one asks the disk, not the cache.
    storage.restartProcess()
    let found = try TestLog.records(storage).count
    storage.losePower()
    #expect(try TestLog.records(storage).count == found)
  }

  @Test("LevelDB, stale bytes of a file that was used before are read as new records")
  func staleBytes() throws {
    try run { log in
      try log.commit([record(10)])
      try log.commit([record(10)])
    }
    let old = try #require(storage.content(of: LogFileName.segment(1)))
    try run { log in try log.commit([record(10)]) }
    let name = LogFileName.segment(2)
    var bytes = try #require(storage.content(of: name))
    bytes.replaceSubrange(512..<768, with: old[512..<768])
    storage.setContent(of: name, bytes)
    #expect(throws: LogError.self) { _ = try TestLog.open(storage) }
  }

  @Test("TigerBeetle, an old snapshot and a newer log: crash at every start")
  func oldSnapshot() throws {
    for _ in 0..<3 {
      try run { log in for _ in 0..<4 { try log.commit([record(10)]) } }
    }
    for position in UInt64(0)...12 {
      var found: [UInt64] = []
      _ = try TestLog.open(storage, replayAfter: LogPosition(rawValue: position)) {
        found.append($0.position.rawValue)
      }
      #expect(found == Array(position + 1..<13))
      storage.restartProcess()
    }
  }

  @Test("TigerBeetle, the same with snapshots of every age, and the log that goes on behind them")
  func oldSnapshotFile() throws {
    let storage = SimulatedStorage(seed: 74)
    try TestLog.create(storage)
    var snapshots: [String: [UInt8]] = [:]
    for number in UInt64(1)...6 {
      let log = try TallySnapshot.start(storage).log
      for text in ["a", "b", "c"] { try log.log.commit(text, at: number * 1_000) }
      storage.restartProcess()
      try TallySnapshot.make(storage, keptFor: nil)
      for name in try LogSnapshot.names(storage) { snapshots[name] = storage.content(of: name) }
    }
    let whole = try TallySnapshot.start(storage).state
    storage.restartProcess()
    #expect(snapshots.count == 5)
    for (name, content) in snapshots {
      for other in try LogSnapshot.names(storage) { storage.setContent(of: other, nil) }
      storage.setContent(of: name, content)
      #expect(try TallySnapshot.start(storage).state == whole, "\(name)")
      storage.restartProcess()
    }
  }

  @Test("Redis, no-appendfsync-on-rewrite: syncs left out while a snapshot is being written")
  func syncsDuringSnapshot() throws {
    let storage = SimulatedStorage(seed: 75)
    try TestLog.create(storage)
    for number in UInt64(1)...3 {
      let log = try TallySnapshot.start(storage).log
      try log.log.commit("x", at: number)
      storage.restartProcess()
    }
    let log = try TallySnapshot.start(storage).log
    let catalog = try LogCatalog(storage, isLive: true)
    let end = LogPoint(tail: try #require(catalog.endOfClosed))
    var writer = try SnapshotWriter(
      storage, environment: 0, at: end, keyring: TestLog.keyring,
      clockMilliseconds: TestLog.clock, geometry: TallySnapshot.geometry)
    for step in 0..<12 {
      try writer.append(kind: 1, maximumByteCount: 200) { output in
        for _ in 0..<200 { output.append(UInt8(step)) }
      }
      _ = storage.record(true)
      try log.log.commit([record(300)])
      let calls = storage.record(false)
      #expect(calls.last?.hasPrefix("fdatasync") == true, "commit \(step)")
      try log.log.prepare()
    }
    _ = try writer.finish()
  }

  @Test("TigerBeetle 2039, a change by itself makes the file explode")
  func sizeOfOne() throws {
    #expect(LogGeometry().smallestBatchExtent == 4096)
    var log = try TestLog.open(storage)
    let before = log.recovery.totals.byteCount
    try log.commit((0..<20).map { _ in record(10) })
    storage.restartProcess()
    let report = try TestLog.open(storage).recovery
    // Twenty at once take less than two by themselves.
    #expect(report.totals.byteCount - before < 2 * 600)
  }

  @Test("TigerBeetle 2130, a backup needs the server stopped")
  func backupOnline() throws {
    let copy = SimulatedStorage(seed: 73)
    var log = try TestLog.open(storage)
    for _ in 0..<3 { try log.commit([record(10)]) }
    #expect(try LogBackup(of: storage, in: copy).copyDurable().rawValue == 2)
    try log.commit([record(10)])
    #expect(try LogInspector.verify(copy).totals.recordCount >= 2)
    #expect(log.durablePosition.rawValue == 4)
  }
}
