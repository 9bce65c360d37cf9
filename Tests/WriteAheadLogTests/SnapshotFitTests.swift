import Cryptography
import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

/// What `SnapshotTests` flips a bit of is damaged; here every digest is right, and something else
/// is not.
@Suite("A snapshot whose every batch is right by itself")
struct SnapshotFitTests {
  private static let geometry = LogGeometry(
    segmentByteCount: 1 << 20, batchByteCountMax: 512, alignment: 64)
  private let storage = SimulatedStorage(seed: 84)
  private let log = SimulatedStorage(seed: 85)

  init() throws { try fill(log, "own") }

  /// Three runs of the owner, so that two segments are closed.
  private func fill(_ log: SimulatedStorage, _ word: String) throws {
    try TestLog.create(log)
    for _ in 0..<3 {
      var own = try TestLog.open(log, keyring: TestLog.keyring)
      for number in 1...3 { try own.commit("\(word) \(number)") }
      log.restartProcess()
    }
  }

  private func endOfClosed(_ log: SimulatedStorage) throws -> LogPoint {
    try #require(try LogPast.replay(log, keyring: TestLog.keyring, behind: nil) { _ in })
  }

  /// Writes one of several batches; in the clear, so that a test can seal a batch anew.
  private func write(_ byte: UInt8 = 7, keyring: LogKeyring = .none) throws -> String {
    var writer = try SnapshotWriter(
      storage, environment: 0, at: endOfClosed(log), keyring: keyring,
      clockMilliseconds: TestLog.clock, geometry: Self.geometry)
    for _ in 0..<20 {
      try writer.append(kind: 7, maximumByteCount: 40) { output in
        for _ in 0..<40 { output.append(byte) }
      }
    }
    return try writer.finish()
  }

  private func read(
    _ name: String, keyring: LogKeyring = .none, environment: UInt8 = 0
  ) throws(LogError) -> Int {
    var count = 0
    _ = try LogSnapshot.read(storage, name, keyring: keyring, environment: environment) { _ in
      count += 1
    }
    return count
  }

  private func expectDamaged(_ name: String, _ bytes: [UInt8], _ what: String) {
    storage.setContent(of: name, bytes)
    do throws(LogError) {
      let count = try read(name)
      Issue.record("\(what): \(count) records were shown")
    } catch {
      guard case .damaged(let damage) = error, damage.fileName == name else {
        Issue.record("\(what): \(error)")
        return
      }
    }
  }

  /// The batches of a file, and its header first.
  private func parts(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var parts = [bytes.prefix(Self.geometry.headerExtent)]
    var start = Self.geometry.headerExtent
    while start < bytes.count {
      let extent = bytes[start + 96..<start + 100].reversed().reduce(0) { $0 << 8 | Int($1) }
      parts.append(bytes[start..<start + extent])
      start += extent
    }
    return parts
  }

  @Test("is refused when a batch is left out, doubled, exchanged or another snapshot's")
  func order() throws {
    let name = try write(7)
    let good = try #require(storage.content(of: name))
    let own = parts(good)
    #expect(own.count > 4 && Array(own.joined()) == good)
    _ = try write(8)
    let other = parts(try #require(storage.content(of: name)))
    for index in 1..<own.count - 1 {
      var changed = own
      changed.remove(at: index)
      expectDamaged(name, Array(changed.joined()), "without batch \(index)")
      changed = own
      changed.insert(own[index], at: index)
      expectDamaged(name, Array(changed.joined()), "batch \(index) twice")
      changed = own
      changed[index] = other[index]
      expectDamaged(name, Array(changed.joined()), "batch \(index) of another")
      guard index > 1 else { continue }
      changed = own
      changed.swapAt(index - 1, index)
      expectDamaged(name, Array(changed.joined()), "batch \(index) first")
    }
    storage.setContent(of: name, good)
    #expect(try read(name) == 20)
  }

  @Test(
    "is refused when a field of its end means nothing",
    arguments: [40, 42, 43, 100, 112, 120, 160, 176])
  func fields(offset: Int) throws {
    let name = try write()
    let good = try #require(storage.content(of: name))
    let start = try #require(parts(good).last?.startIndex)
    var bytes = good
    bytes[start + offset] ^= 2
    var computation = SHA256()
    var block = FileBuffer(byteCount: bytes.count - start)
    _ = block.withOutput(in: 0..<block.byteCount) { output in
      for byte in bytes[start...] { output.append(byte) }
    }
    do {
      var span = block.mutableBytes
      _ = SealedBlock.seal(&span, in: 0..<bytes.count - start, with: &computation)
    }
    for index in start..<bytes.count { bytes[index] = block.bytes.integer(at: index - start) }
    expectDamaged(name, bytes, "byte \(offset)")
  }

  @Test("is refused under a name that is not its own")
  func renamed() throws {
    let name = try write()
    let bytes = try #require(storage.content(of: name))
    let position = try #require(LogSnapshot.position(of: name))
    expectDamaged(LogSnapshot.name(of: position.next), bytes, "renamed")
  }

  @Test("is refused by another environment, and without the key that hides it")
  func foreign() throws {
    let name = try write(keyring: TestLog.keyring)
    #expect(try read(name, keyring: TestLog.keyring) == 20)
    #expect(throws: LogError.snapshotUnfit(file: name, .environment(0))) {
      try read(name, keyring: TestLog.keyring, environment: 1)
    }
    for keys in [[], [TestLog.key(2)]] {
      let error = #expect(throws: LogError.self) { try read(name, keyring: LogKeyring(keys: keys)) }
      guard case .keyUnknown(_, file: name, _)? = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    let clear = try write()
    #expect(throws: LogError.notEncrypted(file: clear)) {
      try read(clear, keyring: TestLog.keyring)
    }
  }

  @Test("is refused by a log of the same shape and another past")
  func otherPast() throws {
    let other = SimulatedStorage(seed: 86)
    try fill(other, "two")
    let point = try endOfClosed(log)
    #expect(try endOfClosed(other).position == point.position)
    var expectation = LogExpectation(clockMilliseconds: { TestLog.clock })
    expectation.keyring = TestLog.keyring
    expectation.reserveByteCount = 0
    expectation.replayFrom = point
    let name = LogSnapshot.name(of: point.position)
    #expect(throws: LogError.snapshotUnfit(file: name, .notInLog)) {
      _ = try FileLog.open(other, expectation) { _ in }
    }
  }

  @Test("one process makes snapshots at a time, and removes what another left unfinished")
  func claim() throws {
    let directory = TemporaryDirectory()
    try FileLog.create(directory: directory.path, LogSettings())
    let files = try DirectoryStorage(path: directory.path)
    _ = try files.createFile(LogFileName.temporarySnapshot)
    let claim = try SnapshotClaim(directory: directory.path)
    let error = #expect(throws: LogError.self) {
      _ = try SnapshotClaim(directory: directory.path)
    }
    guard case .directoryInUse? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    try claim.removeLeftover(directory: directory.path)
    #expect(try !files.names().contains(LogFileName.temporarySnapshot))
    try claim.removeLeftover(directory: directory.path)
  }
}
