import Cryptography
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A small log with a fault put into it")
struct CorruptionTests {
  /// Three batches of three records each, then nothing or the mark of an idle log.
  struct Sample {
    static let batchEnds = [576, 896, 1216]

    let storage = SimulatedStorage(seed: 1)
    let records: [TestRecord]
    let isSettled: Bool
    let keyring: LogKeyring
    let contents: [(name: String, bytes: [UInt8])]

    init(isSettled: Bool, isEncrypted: Bool = false) throws {
      keyring = isEncrypted ? TestLog.keyring : .none
      var settings = LogSettings()
      settings.geometry = LogGeometry(
        segmentByteCount: 1536, batchByteCountMax: 384, alignment: 64)
      settings.reserveByteCount = 0
      try FileLog.create(storage, settings, history: TestLog.history)
      storage.restartProcess()
      var log = try TestLog.open(storage, keyring: keyring)
      try log.prepare()
      var records: [TestRecord] = []
      for batch in 0..<3 {
        let written = (0..<3).map { index in
          TestRecord(
            kind: 5, serverTimeMilliseconds: UInt64(100 + batch),
            body: [UInt8](repeating: UInt8(16 * batch + index + 1), count: 8))
        }
        var staged = LogBatch(
          byteCapacity: 384, after: log.durablePosition, newestServerTimeMilliseconds: 0)
        for record in written { _ = staged.append(record) }
        try log.append(&staged, expecting: log.durablePosition.next)
        _ = try log.waitUntilDurable()
        records += written
      }
      if isSettled { try log.settle() }
      storage.restartProcess()
      let storage = storage
      self.records = records
      self.isSettled = isSettled
      contents = [LogFileName.segment(1), LogFileName.segment(2), LogFileName.control].compactMap {
        name in storage.content(of: name).map { (name, $0) }
      }
    }

    /// Reads the log as recovery does, without what recovery changes.
    func read() throws(LogError) -> (records: [TestRecord], unfinished: UnfinishedBatch?) {
      let catalog = try LogCatalog(storage, isLive: false)
      var walk = LogWalk(storage, catalog: catalog, keyring: keyring, replayAfter: .zero)
      var found: [TestRecord] = []
      let unfinished = try walk.run { found.append(TestRecord($0)) }
      return (found, unfinished)
    }

    /// Checks that the fault was refused by name, or cost nothing that anything vouched for.
    func expectSafe(_ fault: String, in name: String) {
      do throws(LogError) {
        let (found, unfinished) = try read()
        if found == records { return }
        // Only the last batch has nothing behind it that proves it.
        let isNamed =
          unfinished?.firstPosition.rawValue == UInt64(found.count + 1)
          && (unfinished?.lastPosition == nil || unfinished?.lastPosition?.rawValue == 9)
        if !isSettled && found == Array(records.prefix(6)) && isNamed { return }
        Issue.record("\(fault) of \(name): found \(found.count) records, \(unfinished as Any)")
      } catch {
        if case .damaged(let damage) = error, name == damage.fileName { return }
        Issue.record("\(fault) of \(name): \(error)")
      }
    }
  }

  @Test(
    "is recovered or refused by name, whichever bit is flipped",
    arguments: [false, true], [false, true])
  func everyBit(isSettled: Bool, isEncrypted: Bool) throws {
    let sample = try Sample(isSettled: isSettled, isEncrypted: isEncrypted)
    for (name, bytes) in sample.contents {
      for offset in bytes.indices {
        // In long runs of zeros one bit of each byte will do, and of a control block's padding a
        // byte in each sixteen.
        let isControlPadding = name == LogFileName.control && offset % 4096 > 200
        let isUnused = name == LogFileName.segment(2) || offset > Sample.batchEnds[2] + 300
        if isControlPadding && offset % 16 != 0 { continue }
        for bit in isControlPadding || isUnused ? offset % 8..<offset % 8 + 1 : 0..<8 {
          var changed = bytes
          changed[offset] ^= 1 << bit
          sample.storage.setContent(of: name, changed)
          sample.expectSafe("bit \(bit) of byte \(offset)", in: name)
        }
      }
      sample.storage.setContent(of: name, bytes)
    }
    #expect(try sample.read().records == sample.records)
  }

  @Test(
    "is recovered or refused by name, wherever a file is cut",
    arguments: [false, true], [false, true])
  func everyLength(isSettled: Bool, isEncrypted: Bool) throws {
    let sample = try Sample(isSettled: isSettled, isEncrypted: isEncrypted)
    for (name, bytes) in sample.contents {
      for length in bytes.indices {
        sample.storage.setContent(of: name, Array(bytes.prefix(length)))
        do throws(LogError) {
          let found = try sample.read().records
          #expect(found == sample.records, "\(name) cut to \(length)")
        } catch {
          guard case .damaged(let damage) = error, damage.fileName == name else {
            Issue.record("\(name) cut to \(length): \(error)")
            continue
          }
        }
      }
      sample.storage.setContent(of: name, bytes)
    }
  }

  @Test("refuses a damaged batch that a later one vouches for, and names its positions")
  func damagedMiddle() throws {
    let sample = try Sample(isSettled: false)
    var bytes = sample.contents[0].bytes
    bytes[Sample.batchEnds[0] + 250] ^= 1
    sample.storage.setContent(of: LogFileName.segment(1), bytes)
    let expected = LogError.damaged(
      LogDamage(
        fileName: LogFileName.segment(1), offset: Sample.batchEnds[0],
        reason: .batch(.digestMismatch), firstLostPosition: LogPosition(rawValue: 4),
        lastLostPosition: LogPosition(rawValue: 6)))
    #expect(throws: expected) { _ = try TestLog.open(sample.storage) }
    #expect(sample.storage.content(of: LogFileName.segment(1)) == bytes, "nothing is written over")
  }

  @Test("refuses a lost last batch that the control file vouches for")
  func lostLastBatch() throws {
    let sample = try Sample(isSettled: true)
    var bytes = sample.contents[0].bytes
    bytes.replaceSubrange(
      Sample.batchEnds[1]..., with: [UInt8](repeating: 0, count: bytes.count - Sample.batchEnds[1]))
    sample.storage.setContent(of: LogFileName.segment(1), bytes)
    let expected = LogError.damaged(
      LogDamage(
        fileName: LogFileName.segment(1), offset: Sample.batchEnds[1], reason: .batch(.blank),
        firstLostPosition: LogPosition(rawValue: 7), lastLostPosition: LogPosition(rawValue: 9)))
    #expect(throws: expected) { _ = try TestLog.open(sample.storage) }
  }

  @Test("says of a bad last batch that nothing vouches for: possibly acknowledged")
  func possiblyAcknowledged() throws {
    let sample = try Sample(isSettled: false)
    var bytes = sample.contents[0].bytes
    bytes[Sample.batchEnds[2] - 1] ^= 1
    sample.storage.setContent(of: LogFileName.segment(1), bytes)
    let log = try TestLog.open(sample.storage)
    let setAside = try #require(log.recovery.setAside)
    #expect(setAside.firstPosition.rawValue == 7 && setAside.lastPosition?.rawValue == 9)
    #expect("\(log.recovery)".contains("possibly acknowledged: positions 7 to 9"))
    let copy = try #require(setAside.fileName.flatMap { sample.storage.content(of: $0) })
    #expect(copy == Array(bytes[Sample.batchEnds[1]..<Sample.batchEnds[2]]))
  }

  @Test("refuses a record whose length is wrong although its batch was sealed so")
  func wrongRecordLength() throws {
    let sample = try Sample(isSettled: false)
    for length in 0..<UInt8(255) where length != 8 {
      try expectBadRecord(sample, at: BatchHeader.byteCount, length)
    }
  }

  @Test("refuses a batch that was sealed with a wrong number of records")
  func wrongRecordCount() throws {
    let sample = try Sample(isSettled: false)
    for count in [UInt8(1), 2, 4, 255] { try expectBadRecord(sample, at: 88, count) }
  }

  /// Changes a byte of the first batch and seals it, and all that follows, as if it belonged there.
  private func expectBadRecord(_ sample: Sample, at offset: Int, _ value: UInt8) throws {
    var bytes = sample.contents[0].bytes
    bytes[256 + offset] = value
    let starts = [256, 576, 896]
    for (start, end) in zip(starts, Sample.batchEnds) {
      if start > 256 {
        let previous = bytes[start - 320..<start - 288]
        bytes.replaceSubrange(start + 128..<start + 160, with: previous)
      }
      reseal(&bytes, start..<end)
    }
    sample.storage.setContent(of: LogFileName.segment(1), bytes)
    let expected = LogError.damaged(
      LogDamage(
        fileName: LogFileName.segment(1), offset: 256, reason: .record,
        firstLostPosition: LogPosition(rawValue: 1), lastLostPosition: nil))
    #expect(throws: expected) { try sample.read() }
  }

  @Test("refuses batches that are whole but not the next", arguments: [1, 2])
  func splicedBatches(_ source: Int) throws {
    let sample = try Sample(isSettled: false)
    let ends = [256] + Sample.batchEnds
    var bytes = sample.contents[0].bytes
    let moved = bytes[ends[source]..<ends[source + 1]]
    bytes.replaceSubrange(ends[0]..<ends[1], with: moved)
    sample.storage.setContent(of: LogFileName.segment(1), bytes)
    let error = #expect(throws: LogError.self) { try sample.read() }
    guard case .damaged(let damage) = error else { return }
    #expect(damage.reason == .batch(.outOfOrder) && damage.offset == 256)
  }

  private func reseal(_ bytes: inout [UInt8], _ range: Range<Int>) {
    var computation = SHA256()
    var elements = bytes.mutableSpan
    var region = unsafe elements.mutableBytes
    _ = SealedBlock.seal(&region, in: range, with: &computation)
  }
}
