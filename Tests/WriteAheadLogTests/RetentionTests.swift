import Cryptography
import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

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
    for number in UInt64(1)...8 {
      try run(["a\(number)", "b\(number)"], at: number * 1_000)
      let before = try segments
      let removal = try TallySnapshot.make(storage, keptFor: 2_500)
      let kept = [number - 1, number < 2 ? 0 : number - 2].filter { $0 > 0 }
      #expect(
        try LogSnapshot.names(storage)
          == kept.map { LogSnapshot.name(of: LogPosition(rawValue: 2 * $0)) })
      // Of a run the newest time is its number; the last closed one is the one before. The oldest
      // snapshot stands for that before it too, and three are too young to go.
      #expect(try segments.first == (number < 4 ? 1 : number - 3))
      #expect(try removal.segments == before.filter { try !segments.contains($0) })
      #expect(try segments.last.map { $0 >= number } == true)
      #expect(try zip(segments, segments.dropFirst()).allSatisfy { $1 == $0 + 1 })
    }
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
    try storage.flipBit(in: newest, at: 700)
    let removal = try LogRetention(snapshotCount: 2, milliseconds: 0)
      .apply(storage, unusable: [newest])
    #expect(removal == LogRetention.Removal())
    // It is for the snapshot's sake that they stay: with both of them the segments would go.
    #expect(
      try LogRetention(snapshotCount: 2, milliseconds: 0).apply(storage).segments == [1, 2])
  }

  @Test(
    "goes behind the oldest kept snapshot whose header holds: one that is damaged is no support")
  func damagedHeader() throws {
    for number in 1...6 {
      try run(["x\(number)"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage, keptFor: nil, keeping: 4)
    }
    let names = try LogSnapshot.names(storage)
    #expect(names.count == 4)
    try storage.flipBit(in: names[1], at: 100)
    let retention = LogRetention(snapshotCount: 2, milliseconds: 0)
    let removal = try retention.apply(storage)
    #expect(removal.damaged.map(\.fileName) == [names[1]])
    // Of the four the third counts in the place of the second, and stands for three segments.
    #expect(removal.snapshots == [names[3]])
    #expect(removal.segments == [1, 2])
    #expect(try LogSnapshot.names(storage) == Array(names.prefix(3)))
    // Should the newest be damaged too, a start takes the third and all the log behind it.
    try storage.flipBit(in: names[0], at: 700)
    #expect(try TallySnapshot.start(storage).state.count == 6)
    storage.restartProcess()
    // With both headers gone one snapshot is left: nothing is removed, and that is said.
    try storage.flipBit(in: names[0], at: 100)
    let nothing = try retention.apply(storage)
    #expect(nothing.damaged.map(\.fileName) == [names[0], names[1]])
    #expect(nothing.snapshots.isEmpty && nothing.segments.isEmpty)
    #expect(try TallySnapshot.start(storage).state.count == 6)
  }

  @Test("stays before a gap: what is missing there is a loss, and must not look like age")
  func gap() throws {
    for number in 1...5 {
      try run(["x\(number)"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage, keptFor: nil)
    }
    let retention = LogRetention(snapshotCount: 2, milliseconds: 0)
    storage.setContent(of: LogFileName.segment(2), nil)
    #expect(try retention.apply(storage).segments.isEmpty)
    #expect(try segments.starts(with: [1, 3, 4]))
  }

  @Test("is not missed by inspection, backup, restore and repair")
  func withoutBeginning() throws {
    for number in 1...6 {
      try run(["a\(number)", "b\(number)"], at: UInt64(number) * 1_000)
      try TallySnapshot.make(storage)
    }
    let first = try #require(try segments.first)
    #expect(first == 4)
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
    // The oldest that stands for what was removed, so that the most can be restored.
    #expect(
      try LogInspector.verify(copy, keyring: TestLog.keyring).snapshots.map(\.position)
        == verification.snapshots.suffix(1).map(\.position))
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
    // Any byte of a batch may be zero, the first one too.
    let last = try #require(
      try segments.last { number in
        storage.content(of: LogFileName.segment(number))?[256..<320].contains { $0 != 0 } ?? false
      })
    try storage.flipBit(in: LogFileName.segment(last), at: 256 + 200)
    let repaired = SimulatedStorage(seed: 95)
    let outcome = try LogRestore.repair(
      storage, into: { repaired }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)
    let made = try #require(outcome?.made)
    #expect(made.lastPosition.rawValue == 10 && made.givenUp?.last.rawValue == 12)
    #expect(try TallySnapshot.start(repaired).state.count == 10)
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
    try storage.flipBit(in: newest, at: 600)
    #expect(try TallySnapshot.newest(storage).damaged == [newest])
    #expect(try TallySnapshot.start(storage).state == whole)
    storage.restartProcess()
    // The next one is made from the older one too.
    try run(["y"], at: 9_000)
    try TallySnapshot.make(storage)
    let verification = try LogInspector.verify(storage, keyring: TestLog.keyring)
    // The damaged one goes when it is the oldest; until then it is none of the two that are kept.
    #expect(verification.snapshots.map { $0.state == .sound } == [true, false, true])
    #expect(verification.snapshots[1].name == newest)
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
