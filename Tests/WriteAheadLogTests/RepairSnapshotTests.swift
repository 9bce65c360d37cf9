import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

/// A log of seven segments with two records each, snapshots at the ends of the second and of the
/// fourth, damaged here and there.
@Suite("A repair of a log with snapshots")
struct RepairSnapshotTests {
  private static let segmentCount: UInt64 = 7
  private static let recordCount = 2 * segmentCount
  private static let snapshotSegments: [UInt64] = [4, 2]

  /// What can be wrong with a segment.
  enum Fault: CaseIterable {
    case gone, header, firstBatch, secondBatch

    /// How many of the segment's records stand before it.
    var wholeCount: UInt64 { self == .secondBatch ? 1 : 0 }
  }

  struct Damage: Equatable, CustomStringConvertible {
    let segment: UInt64
    let fault: Fault
    var isFirstGone: Bool { segment == 1 && fault == .gone }
    var description: String { "\(fault) of \(segment)" }
  }

  private static let damages = (1...segmentCount).flatMap { segment in
    Fault.allCases.map { Damage(segment: segment, fault: $0) }
  }

  private let storage = SimulatedStorage(seed: 61)
  private let whole: [String: [UInt8]]

  init() throws {
    try TestLog.create(storage)
    for number in 1...Self.segmentCount {
      let log = try TallySnapshot.start(storage).log
      for record in Self.records(of: number) { try log.log.commit([record]) }
      // Then nothing at the end can be taken for what was never finished.
      if number == Self.segmentCount { try log.log.close() }
      storage.restartProcess()
      if Self.snapshotSegments.contains(number - 1) {
        try TallySnapshot.make(storage, keptFor: nil)
      }
    }
    var whole: [String: [UInt8]] = [:]
    for name in try storage.names() { whole[name] = storage.content(of: name) }
    self.whole = whole
    #expect(try LogSnapshot.names(storage) == Self.snapshotSegments.map(Self.snapshotName))
  }

  private static func records(of segment: UInt64) -> [TestRecord] {
    ["a", "b"].map {
      TestRecord(
        kind: 1, serverTimeMilliseconds: segment * 1_000, body: Array("\($0)\(segment)".utf8))
    }
  }

  private static func snapshotName(_ segment: UInt64) -> String {
    LogSnapshot.name(of: LogPosition(rawValue: 2 * segment))
  }

  private static func state(at position: UInt64) -> TallyState {
    var state = TallyState()
    for record in (1...segmentCount).flatMap(records).prefix(Int(position)) { state.take(record) }
    return state
  }

  /// The last position that can be read behind the end of a segment.
  private static func reach(behind segment: UInt64, _ damages: [Damage]) -> UInt64 {
    for number in (segment + 1)...segmentCount {
      let found = damages.filter { $0.segment == number }.map(\.fault.wholeCount)
      if let count = found.min() { return 2 * (number - 1) + count }
    }
    return recordCount
  }

  /// The last position that a repair has to save; nil where nothing can be entered.
  private static func expected(_ damages: [Damage], snapshots: [UInt64]) -> UInt64? {
    let canEnter = !damages.contains {
      $0.segment == 1 && ($0.fault == .gone || $0.fault == .header)
    }
    return ((canEnter ? [0] : []) + snapshots).map { reach(behind: $0, damages) }.max()
  }

  private func damage(_ damages: [Damage], snapshots: [UInt64]) throws {
    for (name, content) in whole { storage.setContent(of: name, content) }
    for damage in damages {
      let name = LogFileName.segment(damage.segment)
      switch damage.fault {
      case .gone: storage.setContent(of: name, nil)
      case .header: try storage.flipBit(in: name, at: 100)
      case .firstBatch: try storage.flipBit(in: name, at: 256 + 200)
      case .secondBatch: try storage.flipBit(in: name, at: 512 + 200)
      }
    }
    for segment in snapshots { try storage.flipBit(in: Self.snapshotName(segment), at: 300) }
  }

  private func repair(into target: SimulatedStorage) throws(LogError) -> LogRestoration? {
    try LogRestore.repair(
      storage, into: { target }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)?.made
  }

  @Test(
    "saves what the newest whole snapshot holds and what can be read behind it, wherever two are bad",
    arguments: [[], [4], [4, 2]] as [[UInt64]])
  func savesMost(damagedSnapshots: [UInt64]) throws {
    let snapshots = Self.snapshotSegments.filter { !damagedSnapshots.contains($0) }
    for first in Self.damages {
      let others = Self.damages.filter {
        $0.segment > first.segment && ($0.fault == .header || $0.fault == .secondBatch)
      }
      for damages in [[first]] + others.map({ [first, $0] }) {
        try check(damages, damagedSnapshots, snapshots)
      }
    }
  }

  private func check(
    _ damages: [Damage], _ damagedSnapshots: [UInt64], _ snapshots: [UInt64]
  ) throws {
    let comment: Comment = "\(damages), snapshots \(snapshots)"
    try damage(damages, snapshots: damagedSnapshots)
    let before = try storage.names().map { storage.content(of: $0) }
    let target = SimulatedStorage(seed: 62)
    guard let last = Self.expected(damages, snapshots: snapshots) else {
      #expect(throws: LogError.self, comment) { _ = try repair(into: target) }
      return
    }
    let made = try repair(into: target)
    #expect(try storage.names().map { storage.content(of: $0) } == before, comment)
    guard let made else {
      // A log whose first segment is gone is one that begins later, and not damaged.
      #expect(damages.count == 1 && damages[0].isFirstGone && !snapshots.isEmpty, comment)
      return
    }
    #expect(made.lastPosition.rawValue == last, comment)
    try check(target, made, last, isFirstGone: damages[0].isFirstGone, comment)
  }

  /// Holds a repaired log to the model: what it says, what it has, and that it goes on.
  private func check(
    _ target: SimulatedStorage, _ made: LogRestoration, _ last: UInt64, isFirstGone: Bool,
    _ comment: Comment
  ) throws {
    var shown: [UInt64] = []
    let verification = try LogInspector.stream(target, keyring: TestLog.keyring, after: .zero) {
      shown.append($0.position.rawValue)
    }
    let first = shown.first ?? last + 1
    #expect(shown == Array(first..<last + 1), comment)
    // What was gone before is nowhere, and not named.
    if !isFirstGone {
      #expect(made.leftBehind?.first.rawValue == (first == 1 ? nil : 1), comment)
      #expect(made.leftBehind?.last.rawValue == (first == 1 ? nil : first - 1), comment)
    }
    #expect(first == 1 || verification.snapshots.contains { $0.state == .sound }, comment)
    #expect(verification.snapshots.allSatisfy { $0.state == .sound }, comment)
    let (log, state) = try TallySnapshot.start(target)
    #expect(state == Self.state(at: last), comment)
    #expect(log.log.durablePosition.rawValue == 1 << 32, comment)
  }

  @Test("says what it gives up, and what only the original has", arguments: [false, true])
  func says(isBehindDamaged: Bool) throws {
    try damage(
      [Damage(segment: 3, fault: .header)]
        + (isBehindDamaged ? [Damage(segment: 6, fault: .secondBatch)] : []), snapshots: [])
    let target = SimulatedStorage(seed: 63)
    let made = try #require(try repair(into: target))
    // The fourth segment is whole: its records are of use, though the snapshot holds what they did.
    #expect(made.leftBehind?.first.rawValue == 1 && made.leftBehind?.last.rawValue == 6)
    #expect(made.givenUp?.first.rawValue == (isBehindDamaged ? 12 : nil))
    #expect(made.givenUp?.last.rawValue == (isBehindDamaged ? 14 : nil))
    #expect(made.history.parentPosition == made.lastPosition)
    // The snapshot at the end of the second segment has no place in the new log.
    #expect(try LogSnapshot.names(target) == [Self.snapshotName(4)])
    // It is a log like any other: it goes on, and snapshots are made of it.
    let last = made.lastPosition.rawValue
    for number in UInt64(1)...3 {
      let (log, state) = try TallySnapshot.start(target)
      #expect(state.count == last + number - 1)
      try log.log.commit("new", at: 9_000)
      target.restartProcess()
    }
    try TallySnapshot.make(target, keptFor: nil)
    #expect(try LogSnapshot.names(target).count == 2)
    #expect(try TallySnapshot.start(target).state.count == last + 3)
    target.restartProcess()
    let verification = try LogInspector.verify(target, keyring: TestLog.keyring)
    #expect(verification.snapshots.allSatisfy { $0.state == .sound })
  }

  @Test("goes on from a snapshot that is newer than the log, whose end is gone")
  func newerThanLog() throws {
    let old = SimulatedStorage(seed: 64)
    for name in try storage.names() where name != LogFileName.lock {
      old.setContent(of: name, storage.content(of: name))
    }
    // Control file and segments are of before the snapshot, as a volume of an older backup has them.
    let run = try TallySnapshot.start(storage).log
    try run.log.commit("later", at: 9_000)
    storage.restartProcess()
    _ = try TallySnapshot.start(storage).log
    storage.restartProcess()
    try TallySnapshot.make(storage, keptFor: nil)
    let name = try #require(try LogSnapshot.names(storage).first)
    old.setContent(of: name, storage.content(of: name))
    let target = SimulatedStorage(seed: 65)
    let outcome = try LogRestore.repair(
      old, into: { target }, keyring: TestLog.keyring, clockMilliseconds: TestLog.clock)
    let (found, made) = try #require(outcome)
    #expect(found == .snapshotUnfit(file: name, .newerThanLog(.init(rawValue: 14))))
    #expect(made.lastPosition.rawValue == 15 && made.givenUp == nil)
    #expect(try TallySnapshot.start(target).state.count == 15)
  }

  @Test(
    "uses no snapshot of another log, whether the place that it names can be read or not",
    arguments: [false, true])
  func foreign(isPlaceDamaged: Bool) throws {
    let other = SimulatedStorage(seed: 66)
    try TestLog.create(other)
    for number in UInt64(1)...6 {
      let log = try TallySnapshot.start(other).log
      for text in ["c", "d"] { try log.log.commit(text, at: number * 1_000) }
      other.restartProcess()
    }
    try TallySnapshot.make(other, keptFor: nil)
    let name = try #require(try LogSnapshot.names(other).first)
    // Its place is that of the fifth segment's end, where this log has other bytes.
    try damage(
      [Damage(segment: 3, fault: .firstBatch)]
        + (isPlaceDamaged ? [Damage(segment: 5, fault: .firstBatch)] : []), snapshots: [4, 2])
    storage.setContent(of: name, other.content(of: name))
    let made = try #require(try repair(into: SimulatedStorage(seed: 67)))
    #expect(made.lastPosition.rawValue == 4)
  }
}
