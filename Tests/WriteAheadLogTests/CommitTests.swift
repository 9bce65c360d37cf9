import LinuxSystem
import SimulatedStorage
import Synchronization
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A commit")
struct CommitTests {
  private let storage = SimulatedStorage(seed: 5)

  @Test("is one write and one sync, whatever the number of records")
  func oneWriteOneSync() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    _ = storage.record(true)
    try log.commit(
      (0..<20).map { TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [UInt8($0)]) })
    let name = LogFileName.segment(1)
    #expect(storage.record(false) == ["write \(name)", "fdatasync \(name)"])
  }

  @Test("is acknowledged only when its sync has returned")
  func acknowledgedAfterSync() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    try log.write([TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [1])])
    #expect(log.durablePosition == .zero)
    storage.failSync(after: 0)
    #expect(throws: LogError.self) { _ = try log.waitUntilDurable() }
    #expect(log.durablePosition == .zero)
  }

  @Test("that failed is never tried again")
  func neverRetried() async {
    await #expect(processExitsWith: .failure) {
      let storage = SimulatedStorage(seed: 5)
      try TestLog.create(storage)
      var log = try TestLog.open(storage)
      storage.failSync(after: 0)
      try? log.commit("one")
      _ = try log.waitUntilDurable()
    }
  }

  @Test("makes a new segment only from one that was prepared, synced and named before")
  func newSegment() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    _ = storage.record(true)
    try log.prepare()
    let next = LogFileName.segment(2)
    #expect(
      storage.record(true) == [
        "create \(LogFileName.temporary)", "fill \(LogFileName.temporary)",
        "fsync \(LogFileName.temporary)", "rename \(next)", "sync names",
      ])
    let body = [UInt8](repeating: 1, count: 700)
    for _ in 0..<5 { try log.commit([TestRecord(kind: 1, serverTimeMilliseconds: 9, body: body)]) }
    #expect(
      storage.record(false).suffix(6) == [
        "write \(next)", "fdatasync \(next)", "write control", "fdatasync control",
        "write \(next)", "fdatasync \(next)",
      ])
  }

  @Test("must begin where the log ends")
  func unexpectedPosition() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    var batch = LogBatch(
      byteCapacity: 1024, after: LogPosition(rawValue: 4), newestServerTimeMilliseconds: 0)
    _ = batch.append(TestRecord(kind: 1, serverTimeMilliseconds: 1, body: []))
    let expected = LogError.unexpectedPosition(
      LogPosition(rawValue: 5), expected: LogPosition(rawValue: 1))
    #expect(throws: expected) { try log.append(&batch, expecting: batch.firstPosition) }
  }

  @Test("leaves an empty batch and the control file behind, once, when the log is idle")
  func settle() throws {
    try TestLog.create(storage)
    var log = try TestLog.open(storage)
    try log.settle()
    try log.commit("one")
    _ = storage.record(true)
    try log.settle()
    let name = LogFileName.segment(1)
    let mark = ["write \(name)", "fdatasync \(name)", "write control", "fdatasync control"]
    #expect(storage.record(true) == mark)
    try log.settle()
    #expect(storage.record(false).isEmpty)
    storage.restartProcess()
    #expect(try TestLog.records(storage).count == 1)
  }
}

@Suite("A batch")
struct LogBatchTests {
  @Test("gives dense positions and shows its records as they were written")
  func records() {
    var batch = LogBatch(after: LogPosition(rawValue: 41), newestServerTimeMilliseconds: 7)
    #expect(batch.isEmpty && batch.lastPosition.rawValue == 41)
    for length in 0..<20 {
      let position = batch.append(
        kind: 3, serverTimeMilliseconds: 7, maximumByteCount: length + 5
      ) { output in
        for _ in 0..<length { output.append(UInt8(length)) }
      }
      #expect(position?.rawValue == UInt64(42 + length))
    }
    #expect(batch.recordCount == 20 && batch.firstPosition.rawValue == 42)
    var content = batch.buffer.bytes.extracting(
      BatchHeader.byteCount..<BatchHeader.byteCount + batch.contentByteCount)
    for length in 0..<20 {
      guard let record = LogRecordView(frontOf: content) else {
        Issue.record("no record of length \(length)")
        return
      }
      #expect(TestRecord(record).body == [UInt8](repeating: UInt8(length), count: length))
      content = content.extracting(droppingFirst: record.extent)
    }
    #expect(content.byteCount == 0)
  }

  @Test("says when a record does not fit, and stays as it was", arguments: 0...70)
  func full(_ slack: Int) {
    var batch = LogBatch(byteCapacity: 256 + 8, after: .zero, newestServerTimeMilliseconds: 0)
    var wasCalled = false
    let position = batch.append(kind: 1, serverTimeMilliseconds: 1, maximumByteCount: slack) { _ in
      wasCalled = true
    }
    #expect((position != nil) == (slack <= 48) && wasCalled == (position != nil))
    #expect(batch.isEmpty == (position == nil))
  }

  @Test("takes a whole policy file: a record of 256 KiB and 128 bytes")
  func largeRecord() {
    var batch = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    let byteCount = (256 << 10) + 128
    let body = [UInt8](repeating: 1, count: byteCount)
    let fits = batch.append(TestRecord(kind: 1, serverTimeMilliseconds: 1, body: body))
    #expect(fits)
    #expect(batch.contentByteCount >= byteCount)
  }

  @Test("goes on behind the one it is exchanged for")
  func exchange() {
    var staged = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    var spare = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    for time in UInt64(1)...3 {
      _ = staged.append(TestRecord(kind: 1, serverTimeMilliseconds: time, body: []))
    }
    staged.exchange(with: &spare)
    #expect(spare.recordCount == 3 && staged.isEmpty)
    #expect(staged.firstPosition.rawValue == 4 && staged.newestServerTimeMilliseconds == 3)
    staged.exchange(with: &spare)
    #expect(spare.isEmpty && staged.isEmpty && staged.firstPosition.rawValue == 4)
  }

  @Test("refuses time that goes back")
  func timeGoesBack() async {
    await #expect(processExitsWith: .failure) {
      var batch = LogBatch(after: .zero, newestServerTimeMilliseconds: 10)
      _ = batch.append(TestRecord(kind: 1, serverTimeMilliseconds: 9, body: []))
    }
  }
}
