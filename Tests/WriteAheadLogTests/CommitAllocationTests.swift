import CAllocationCounter
import Cryptography
import LinuxSystem
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("In the steady state")
struct CommitAllocationTests {
  private static let commitCount = 200

  @Test("a commit allocates nothing, encrypted or not, but what libcrypto makes for a digest")
  func commits() throws {
    for keyring in [LogKeyring.none, TestLog.keyring] {
      let directory = TemporaryDirectory()
      var settings = LogSettings()
      settings.geometry = LogGeometry(segmentByteCount: 4 << 20, batchByteCountMax: 64 << 10)
      settings.reserveByteCount = 0
      try FileLog.create(directory: directory.path, settings)
      var expectation = LogExpectation(clockMilliseconds: { 1_000 })
      expectation.keyring = keyring
      expectation.reserveByteCount = 0
      var log = try FileLog.open(directory: directory.path, expectation) { _ in }
      var batch = LogBatch(
        byteCapacity: 64 << 10, after: log.durablePosition, newestServerTimeMilliseconds: 0)
      try Self.commit(&batch, to: &log)
      let before = CAllocationCounter_count()
      for _ in 0..<Self.commitCount { try Self.commit(&batch, to: &log) }
      let made = CAllocationCounter_count() - before
      #expect(made <= Self.digestAllocations, "\(made) in \(Self.commitCount) commits")
    }
  }

  /// What so many digests alone come to.
  private static var digestAllocations: UInt64 {
    var computation = SHA256()
    let buffer = FileBuffer(byteCount: 64)
    _ = computation.digest(of: buffer.bytes)
    let before = CAllocationCounter_count()
    for _ in 0..<commitCount { _ = computation.digest(of: buffer.bytes) }
    return CAllocationCounter_count() - before
  }

  private static func commit(_ batch: inout LogBatch, to log: inout FileLog) throws {
    for _ in 0..<3 {
      _ = batch.append(kind: 1, serverTimeMilliseconds: 5, maximumByteCount: 300) { output in
        for byte in 0..<100 { output.append(UInt8(byte)) }
      }
    }
    try log.append(&batch, expecting: log.durablePosition.next)
    _ = try log.waitUntilDurable()
    batch.reset(after: log.durablePosition, newestServerTimeMilliseconds: 5)
  }
}
