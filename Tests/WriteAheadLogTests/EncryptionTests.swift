import Cryptography
import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("An encrypted log")
struct EncryptionTests {
  private static let secret = "QUACKENBUSH 876543219"

  @Test("gives its records back, and shows them to nobody without the key")
  func roundTrip() throws {
    let storage = SimulatedStorage(seed: 1)
    try TestLog.create(storage)
    do {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      for _ in 0..<12 {
        try log.commit(String(repeating: Self.secret, count: 15))
        try log.settle()
        try log.prepare()
      }
      try log.close()
    }
    storage.restartProcess()
    let records = try TestLog.records(storage, keyring: TestLog.keyring)
    #expect(records.count == 12)
    #expect(records.allSatisfy { String(decoding: $0.body, as: UTF8.self).contains(Self.secret) })
    for name in try storage.names() {
      let content = try #require(storage.content(of: name))
      #expect(!content.contains(Self.secret.utf8), "\(name) shows what it should hide")
    }
    let verification = try LogInspector.verify(storage, after: .zero) { _ in }
    #expect(!verification.hasReadRecords && verification.totals.recordCount == 12)
  }

  @Test("says plainly which key is missing, and changes nothing")
  func wrongKey() throws {
    let storage = SimulatedStorage(seed: 2)
    try TestLog.create(storage)
    do {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      try log.commit("one")
    }
    storage.restartProcess()
    let name = LogKeyName(identifier: TestLog.key(1).identifier)
    let other = LogKeyring(keys: [TestLog.key(2)])
    let before = storage.changeCount
    for keyring in [LogKeyring.none, other] {
      let expected = LogError.keyUnknown(
        name, file: LogFileName.segment(1), known: keyring.identifiers.map(LogKeyName.init))
      #expect(throws: expected) { _ = try TestLog.open(storage, keyring: keyring) }
      #expect("\(expected)".contains("key \(name)"))
      storage.restartProcess()
    }
    #expect(storage.changeCount == before)
    #expect(try TestLog.records(storage, keyring: TestLog.keyring).count == 1)
  }

  @Test("is not taken up in the clear, nor one in the clear with keys")
  func inTheClear() throws {
    let storage = SimulatedStorage(seed: 3)
    try TestLog.create(storage)
    do {
      var log = try TestLog.open(storage)
      try log.commit("one")
    }
    storage.restartProcess()
    #expect(throws: LogError.notEncrypted(file: LogFileName.segment(1))) {
      _ = try TestLog.open(storage, keyring: TestLog.keyring)
    }
  }

  @Test("goes on with a newer key from the next segment, and needs the older for what it wrote")
  func rotation() throws {
    let storage = SimulatedStorage(seed: 4)
    try TestLog.create(storage)
    let both = LogKeyring(keys: [TestLog.key(1), TestLog.key(2)])
    for (keyring, text) in [(TestLog.keyring, "one"), (both, "two"), (both, "three")] {
      var log = try TestLog.open(storage, keyring: keyring)
      try log.commit(text)
      storage.restartProcess()
    }
    let bodies = try TestLog.records(storage, keyring: both).map {
      String(decoding: $0.body, as: UTF8.self)
    }
    #expect(bodies == ["one", "two", "three"])
    let catalog = try LogCatalog(storage, isLive: false)
    #expect(
      catalog.begun.prefix(3).map(\.keyIdentifier) == [
        TestLog.key(1).identifier, TestLog.key(2).identifier, TestLog.key(2).identifier,
      ])
    for (number, key) in [(UInt64(2), UInt8(1)), (1, 2)] {
      let name = LogKeyName(identifier: TestLog.key(3 - key).identifier)
      let expected = LogError.keyUnknown(
        name, file: LogFileName.segment(number),
        known: [LogKeyName(identifier: TestLog.key(key).identifier)])
      #expect(throws: expected) {
        _ = try TestLog.open(storage, keyring: LogKeyring(keys: [TestLog.key(key)]))
      }
      storage.restartProcess()
    }
  }

  @Test("refuses a batch that was changed and sealed anew by somebody without the key")
  func forgery() throws {
    let storage = SimulatedStorage(seed: 5)
    try TestLog.create(storage)
    do {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      try log.commit("one")
    }
    storage.restartProcess()
    let name = LogFileName.segment(1)
    let good = try #require(storage.content(of: name))
    // The record's bytes, the header's count of state log positions, and the tag.
    for offset in [BatchHeader.byteCount, 88, 104, BatchHeader.tagOffset] {
      var bytes = good
      bytes[256 + offset] ^= 1
      do {
        var computation = SHA256()
        var elements = bytes.mutableSpan
        var region = unsafe elements.mutableBytes
        _ = SealedBlock.seal(&region, in: 256..<512, with: &computation)
      }
      storage.setContent(of: name, bytes)
      let error = #expect(throws: LogError.self) {
        _ = try TestLog.open(storage, keyring: TestLog.keyring)
      }
      guard case .damaged(let damage) = error else { continue }
      #expect(damage.reason == .batch(.undecipherable) && damage.offset == 256)
      storage.restartProcess()
    }
  }

  @Test("never hides two batches with the same stream of key bytes")
  func keyStreams() throws {
    var streams: Set<[UInt8]> = []
    var batchCount = 0
    for seed in UInt64(0)..<20 {
      let storage = SimulatedStorage(seed: seed)
      try TestLog.create(storage)
      for run in 0..<4 {
        // Every run is killed with a batch in flight, whose positions the next one gives again.
        var log = try TestLog.open(storage, keyring: TestLog.keyring)
        for index in 0..<5 {
          let plain = try log.plainCommit([UInt8](repeating: UInt8(run), count: 500), storage)
          streams.insert(plain)
          batchCount += 1
          if index == 3 { try log.prepare() }
        }
        storage.losePower()
      }
    }
    #expect(streams.count == batchCount)
  }

  @Test("hides a copy of the directory, run for itself, with other keys")
  func copiedDirectory() throws {
    let storage = SimulatedStorage(seed: 6)
    try TestLog.create(storage)
    let files = try storage.names().map { ($0, storage.content(of: $0)) }
    var streams: Set<[UInt8]> = []
    for _ in 0..<2 {
      let copy = SimulatedStorage(seed: 7)
      for (name, content) in files { copy.setContent(of: name, content) }
      var log = try TestLog.open(copy, keyring: TestLog.keyring)
      streams.insert(try log.plainCommit([1, 2, 3], copy))
    }
    #expect(streams.count == 2)
  }
}

extension FileLog {
  /// Commits a record and gives the bytes that hid it: what was written against what was meant.
  fileprivate mutating func plainCommit(
    _ body: [UInt8], _ storage: SimulatedStorage
  ) throws -> [UInt8] {
    var batch = TestLog.batch(after: self)
    _ = batch.append(TestRecord(kind: 1, serverTimeMilliseconds: 100, body: body))
    let count = batch.contentByteCount
    let content = BatchHeader.byteCount..<BatchHeader.byteCount + count
    let plain = batch.buffer.bytes.testArray(content)
    try append(&batch, expecting: durablePosition.next)
    _ = try waitUntilDurable()
    let hidden = batch.buffer.bytes.testArray(content)
    return zip(plain, hidden).map { $0 ^ $1 }.prefix(27).map { $0 }
  }
}

extension RawSpan {
  func testArray(_ range: Range<Int>) -> [UInt8] {
    range.map { unsafe unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
  }
}

@Suite("A key file")
struct LogKeyringTests {
  private let line = String(repeating: "0a", count: 32)
  private let other = String(repeating: "F1", count: 32)

  @Test("holds keys, the newest last, and comments")
  func keys() throws {
    let keyring = try LogKeyring(text: "# keys\n\(line)\n\n\(other)\n")
    #expect(keyring.identifiers.count == 2 && Set(keyring.identifiers).count == 2)
    #expect(keyring.newest?.identifier == keyring.identifiers[1])
    #expect(try LogKeyring(text: line).identifiers == [keyring.identifiers[0]])
    #expect(try LogKeyring(text: LogKeyring.newKeyLine()).identifiers.count == 1)
  }

  @Test("is refused when it has mistakes, without repeating them")
  func mistakes() {
    for (text, expected) in [
      ("", LogKeyringError.empty), ("# nothing\n", .empty), ("\(line)\n12", .malformedLine(2)),
      ("\(line) ", .malformedLine(1)), ("\(line)\n\(line)", .repeated),
      (line.dropLast() + "g", .malformedLine(1)),
    ] {
      #expect(throws: expected) { _ = try LogKeyring(text: String(text)) }
      #expect(!"\(expected)".contains("0a0a"))
    }
  }
}
