import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

/// A record as a test remembers it.
struct TestRecord: Equatable, CustomStringConvertible {
  let kind: UInt16
  let serverTimeMilliseconds: UInt64
  let body: [UInt8]

  init(kind: UInt16, serverTimeMilliseconds: UInt64, body: [UInt8]) {
    self.kind = kind
    self.serverTimeMilliseconds = serverTimeMilliseconds
    self.body = body
  }

  init(_ view: LogRecordView) {
    self.init(
      kind: view.kind, serverTimeMilliseconds: view.serverTimeMilliseconds,
      body: unsafe view.body.withUnsafeBytes { unsafe Array($0) })
  }

  /// One of any size that a batch of `TestLog` has room for.
  static func random(
    after time: UInt64, _ generator: inout SeededGenerator, byteCountMax: Int = 136
  ) -> TestRecord {
    let count = Int.random(in: 0...byteCountMax, using: &generator)
    var body: [UInt8] = []
    while body.count < count {
      unsafe withUnsafeBytes(of: generator.next()) { unsafe body += $0 }
    }
    return TestRecord(
      kind: UInt16.random(in: 1...9, using: &generator),
      serverTimeMilliseconds: time + UInt64.random(in: 0...3, using: &generator),
      body: Array(body.prefix(count)))
  }

  var description: String { "\(kind)@\(serverTimeMilliseconds)+\(body.count)" }
}

/// Small logs on simulated storage.
enum TestLog {
  static let geometry = LogGeometry(segmentByteCount: 4096, batchByteCountMax: 1024, alignment: 64)
  static let history = LogHistory(identity: HistoryIdentity(rawValue: 0xA1B2_C3D4))
  static let clock: UInt64 = 1 << 40
  static let keyring = LogKeyring(keys: [key(1)])

  /// A key that is the same in every run.
  static func key(_ number: UInt8) -> LogKey {
    guard let key = try? LogKey(bytes: [UInt8](repeating: number, count: LogKey.byteCount)) else {
      preconditionFailure("no key derivation")
    }
    return key
  }

  static func create(
    _ storage: SimulatedStorage, history: LogHistory = history
  ) throws(LogError) {
    var settings = LogSettings()
    settings.geometry = geometry
    settings.reserveByteCount = 0
    try FileLog.create(storage, settings, history: history)
    storage.restartProcess()
  }

  static func open(
    _ storage: SimulatedStorage, keyring: LogKeyring = .none, clock: UInt64 = clock,
    replayAfter: LogPosition = .zero,
    _ replay: (LogRecordView) throws -> Void = { _ in }
  ) throws(LogError) -> FileLog {
    var expectation = LogExpectation(clockMilliseconds: { clock })
    expectation.reserveByteCount = 0
    expectation.keyring = keyring
    expectation.replayAfter = replayAfter
    return try FileLog.open(storage, expectation, replay: replay)
  }

  /// What a start would serve, without leaving the machine changed by a running owner.
  static func records(
    _ storage: SimulatedStorage, keyring: LogKeyring = .none
  ) throws(LogError) -> [TestRecord] {
    var records: [TestRecord] = []
    _ = try open(storage, keyring: keyring) { records.append(TestRecord($0)) }
    storage.restartProcess()
    return records
  }

  static func batch(after log: borrowing FileLog) -> LogBatch {
    LogBatch(
      byteCapacity: geometry.batchByteCountMax, after: log.durablePosition,
      newestServerTimeMilliseconds: log.newestServerTimeMilliseconds)
  }
}

extension LogBatch {
  /// Appends a record; false when it has no room.
  mutating func append(_ record: TestRecord) -> Bool {
    let position = append(
      kind: record.kind, serverTimeMilliseconds: record.serverTimeMilliseconds,
      maximumByteCount: record.body.count
    ) { output in
      for byte in record.body { output.append(byte) }
    }
    return position != nil
  }
}

extension FileLog {
  /// Writes records as one batch, without waiting for them.
  mutating func write(_ records: [TestRecord]) throws(LogError) {
    var batch = TestLog.batch(after: self)
    for record in records {
      let fits = batch.append(record)
      precondition(fits, "the test's batch is too large")
    }
    try append(&batch, expecting: durablePosition.next)
  }

  mutating func commit(_ records: [TestRecord]) throws(LogError) {
    try write(records)
    _ = try waitUntilDurable()
  }

  /// A batch of one record that is easy to recognise.
  mutating func commit(_ text: String, at time: UInt64 = 100) throws(LogError) {
    try commit([TestRecord(kind: 1, serverTimeMilliseconds: time, body: Array(text.utf8))])
  }
}

extension SimulatedStorage {
  /// Flips a bit of a file.
  func flipBit(in name: String, at offset: Int) throws {
    var bytes = try #require(content(of: name))
    bytes[offset] ^= 1
    setContent(of: name, bytes)
  }

  /// Flips a bit of a segment.
  func flipBit(ofSegment number: UInt64, at offset: Int) throws {
    try flipBit(in: LogFileName.segment(number), at: offset)
  }
}
