import Cryptography
import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

/// A state that is easy to check: the sum of all bytes of all records, and how many there are.
struct TallyState: Equatable {
  var count: UInt64 = 0
  var sum: UInt64 = 0

  mutating func take(_ record: TestRecord) {
    count += 1
    sum = record.body.reduce(sum &* 31) { $0 &+ UInt64($1) &+ 1 }
  }
}

/// Makes snapshots of tallies, as a daemon's child process does of its state.
enum TallySnapshot {
  static let geometry = LogGeometry(
    segmentByteCount: 1 << 20, batchByteCountMax: 512, alignment: 64)

  /// The state of the newest snapshot that is whole, and the point behind it.
  static func newest(
    _ storage: SimulatedStorage
  ) throws(LogError) -> (state: TallyState, point: LogPoint?, damaged: Set<String>) {
    var damaged: Set<String> = []
    for name in try LogSnapshot.names(storage) {
      var state = TallyState()
      do throws(LogError) {
        let point = try LogSnapshot.read(storage, name, keyring: TestLog.keyring, environment: 0) {
          state.count = $0.body.integer(at: 0)
          state.sum = $0.body.integer(at: 8)
        }
        return (state, point, damaged)
      } catch {
        guard case .damaged = error else { throw error }
        damaged.insert(name)
      }
    }
    return (TallyState(), nil, damaged)
  }

  /// Makes one of the closed segments, and removes what it makes superfluous.
  @discardableResult
  static func make(
    _ storage: SimulatedStorage, keptFor milliseconds: UInt64? = 0
  ) throws(LogError) -> LogRetention.Removal {
    var (state, point, damaged) = try newest(storage)
    let end = try LogPast.replay(storage, keyring: TestLog.keyring, behind: point) {
      state.take(TestRecord($0))
    }
    if let end, end.position > point?.position ?? .zero {
      var writer = try SnapshotWriter(
        storage, environment: 0, at: end, keyring: TestLog.keyring,
        clockMilliseconds: TestLog.clock, geometry: geometry)
      let made = state
      try writer.append(kind: 1, maximumByteCount: 16) { output in
        unsafe output.append(made.count.littleEndian, as: UInt64.self)
        unsafe output.append(made.sum.littleEndian, as: UInt64.self)
      }
      _ = try writer.finish()
    }
    return try LogRetention(snapshotCount: 2, milliseconds: milliseconds)
      .apply(storage, unusable: damaged)
  }

  /// Starts from the newest snapshot and the log behind it.
  static func start(
    _ storage: SimulatedStorage
  ) throws(LogError) -> (log: Opened, state: TallyState) {
    var (state, point, _) = try newest(storage)
    var expectation = LogExpectation(clockMilliseconds: { TestLog.clock })
    expectation.keyring = TestLog.keyring
    expectation.reserveByteCount = 0
    expectation.replayFrom = point
    let log = try FileLog.open(storage, expectation) { state.take(TestRecord($0)) }
    return (Opened(log), state)
  }

  /// A log that can be handed on.
  final class Opened {
    var log: FileLog
    init(_ log: consuming FileLog) { self.log = log }
  }
}

@Suite("What of a log need not be kept")
struct RetentionTests {
  private let storage = SimulatedStorage(seed: 91)

  init() throws { try TestLog.create(storage) }

  /// One run of the owner, whose segment the next one closes.
  private func run(_ texts: [String], at time: UInt64) throws {
    let log = try TallySnapshot.start(storage).log
    for text in texts { try log.log.commit(text, at: time) }
    storage.restartProcess()
  }

  private var segments: [UInt64] {
    get throws { try storage.names().compactMap(LogFileName.segmentNumber).sorted() }
  }

  @Test("goes behind the oldest kept snapshot and after its time, and never before")
  func removal() throws {
    for number in 1...8 {
      try run(["a\(number)", "b\(number)"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage, keptFor: 2_500)
      let names = try LogSnapshot.names(storage)
      #expect(names.count == min(2, max(0, number - 1)))
    }
    // The last closed segment is 7, at 7000 and what was at 4500 or before may go; the oldest
    // snapshot stands for six.
    #expect(try segments == [5, 6, 7, 8, 9].filter { try segments.contains($0) })
    #expect(try segments.first == 5)
    var whole = TallyState()
    for number in 1...8 {
      for text in ["a\(number)", "b\(number)"] {
        whole.take(
          TestRecord(
            kind: 1, serverTimeMilliseconds: UInt64(number) * 1_000, body: Array(text.utf8)))
      }
    }
    #expect(try TallySnapshot.start(storage).state == whole)
  }

  @Test("stays while it is not known for how long, and while one snapshot is all there is")
  func kept() throws {
    for number in 1...5 {
      try run(["x"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage, keptFor: nil)
    }
    #expect(try segments.first == 1)
    // The newest is damaged: of two that stand for anything there is one.
    let newest = try #require(try LogSnapshot.names(storage).first)
    var bytes = try #require(storage.content(of: newest))
    bytes[700] ^= 1
    storage.setContent(of: newest, bytes)
    let removal = try LogRetention(snapshotCount: 2, milliseconds: 0)
      .apply(storage, unusable: [newest])
    #expect(removal == LogRetention.Removal())
  }

  @Test("is not missed by inspection, backup, restore and repair")
  func withoutBeginning() throws {
    for number in 1...6 {
      try run(["a\(number)", "b\(number)"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage)
    }
    let first = try #require(try segments.first)
    #expect(first > 1)
    let verification = try LogInspector.verify(storage, keyring: TestLog.keyring)
    let removed = try #require(verification.removedThrough)
    #expect(removed.rawValue == 2 * (first - 1) && verification.snapshots.count == 2)
    #expect(verification.snapshots.allSatisfy { $0.state == .sound })
    var shown: [UInt64] = []
    _ = try LogInspector.stream(storage, keyring: TestLog.keyring, after: .zero) {
      shown.append($0.position.rawValue)
    }
    #expect(shown == Array(removed.rawValue + 1...12))

    let state = try TallySnapshot.start(storage).state
    storage.restartProcess()
    let copy = SimulatedStorage(seed: 92)
    #expect(try LogBackup(of: storage, in: copy).copyDurable().rawValue == 12)
    #expect(try LogInspector.verify(copy, keyring: TestLog.keyring).snapshots.count == 1)
    #expect(try TallySnapshot.start(copy).state == state)

    let oldest = try #require(verification.snapshots.last?.position)
    for last in oldest.rawValue...12 {
      let target = SimulatedStorage(seed: 93 + last)
      let made = try LogRestore.restore(
        from: storage, into: target, keyring: TestLog.keyring,
        upTo: .position(LogPosition(rawValue: last)), clockMilliseconds: TestLog.clock)
      #expect(made.lastPosition.rawValue == last)
      #expect(try TallySnapshot.start(target).state.count == last)
    }
    #expect(throws: LogError.nothingThere) {
      _ = try LogRestore.restore(
        from: storage, into: SimulatedStorage(seed: 94), keyring: TestLog.keyring,
        upTo: .position(LogPosition(rawValue: oldest.rawValue - 1)),
        clockMilliseconds: TestLog.clock)
    }
    try repair(first: first)
  }

  private func repair(first: UInt64) throws {
    let last = try #require(
      try segments.last { storage.content(of: LogFileName.segment($0))?[256] != 0 })
    var bytes = try #require(storage.content(of: LogFileName.segment(last)))
    bytes[256 + 200] ^= 1
    storage.setContent(of: LogFileName.segment(last), bytes)
    let repaired = SimulatedStorage(seed: 95)
    let outcome = try LogRestore.repair(
      storage, into: { repaired }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)
    let made = try #require(outcome?.made)
    #expect(try TallySnapshot.start(repaired).state.count == made.lastPosition.rawValue)
  }

  @Test("cannot be missed without a snapshot that stands for it: that is said by every tool")
  func withoutSnapshot() throws {
    for number in 1...6 {
      try run(["x"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage)
    }
    for name in try LogSnapshot.names(storage) { storage.setContent(of: name, nil) }
    func isRefused(_ body: () throws -> Void) {
      do { try body() } catch LogError.startsTooLate { return } catch {
        Issue.record("\(error)")
        return
      }
      Issue.record("nothing was said")
    }
    isRefused { _ = try LogInspector.verify(storage, keyring: TestLog.keyring) }
    isRefused { _ = try TallySnapshot.start(storage) }
    storage.restartProcess()
    isRefused { _ = try LogBackup(of: storage, in: SimulatedStorage(seed: 96)).copyDurable() }
  }

  @Test("a damaged newest snapshot: the older one and the log behind it serve")
  func olderSnapshot() throws {
    for number in 1...6 {
      try run(["x\(number)"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage)
    }
    let whole = try TallySnapshot.start(storage).state
    storage.restartProcess()
    let newest = try #require(try LogSnapshot.names(storage).first)
    var bytes = try #require(storage.content(of: newest))
    bytes[600] ^= 4
    storage.setContent(of: newest, bytes)
    #expect(try TallySnapshot.newest(storage).damaged == [newest])
    #expect(try TallySnapshot.start(storage).state == whole)
    storage.restartProcess()
    // The next one is made from the older one too, and takes the damaged one's place.
    try run(["y"], at: 9_000)
    try TallySnapshot.make(storage)
    let verification = try LogInspector.verify(storage, keyring: TestLog.keyring)
    #expect(verification.snapshots.first?.state == .sound)
  }

  @Test("a snapshot newer than the log, whose backup was older, is refused by name")
  func newerThanLog() throws {
    for number in 1...3 { try run(["x\(number)"], at: UInt64(number) * 1_000) }
    let old = SimulatedStorage(seed: 97)
    for name in try storage.names() where name != LogFileName.lock {
      old.setContent(of: name, storage.content(of: name))
    }
    for number in 4...6 { try run(["x\(number)"], at: UInt64(number) * 1_000) }
    try TallySnapshot.make(storage)
    let name = try #require(try LogSnapshot.names(storage).first)
    old.setContent(of: name, storage.content(of: name))
    let error = #expect(throws: LogError.self) { _ = try TallySnapshot.start(old) }
    guard case .snapshotUnfit(let file, .newerThanLog(let last)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(file == name && last.rawValue == 3)
    #expect(error?.description.contains("newer than the log") == true)
  }
}
