import LinuxSystem
import Synchronization
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("The file log on a real directory")
struct FileLogTests {
  @Test("gives back after a restart what was committed")
  func roundTrip() throws {
    let directory = TemporaryDirectory()
    let path = directory.path
    var settings = LogSettings()
    settings.geometry = LogGeometry(segmentByteCount: 1 << 20, batchByteCountMax: 64 << 10)
    settings.reserveByteCount = 0
    try FileLog.create(directory: path, settings)
    let expectation = LogExpectation(clockMilliseconds: { 1_000 })
    for run in 0..<3 {
      var records = 0
      var log = try FileLog.open(directory: path, expectation) { _ in records += 1 }
      #expect(records == run * 3)
      var batch = LogBatch(
        byteCapacity: 64 << 10, after: log.durablePosition,
        newestServerTimeMilliseconds: log.newestServerTimeMilliseconds)
      for value in 0..<3 {
        _ = batch.append(kind: 7, serverTimeMilliseconds: 100, maximumByteCount: 100) { output in
          for _ in 0...value { output.append(UInt8(value)) }
        }
      }
      try log.append(&batch, expecting: log.durablePosition.next)
      #expect(try log.waitUntilDurable().rawValue == UInt64(run * 3 + 3))
      if run == 0 { try log.settle() }
      if run == 1 { try log.close() }
    }
  }
}
