import Glibc
import LinuxSystem
import Observability
import Synchronization
import Testing
import TransactionModel

@testable import WriteAheadLog

/// What the engine is to the committer: a staged batch under a lock.
private final class StagingArea: BatchSource {
  private let staged: Mutex<LogBatch>

  init(after position: LogPosition) {
    staged = Mutex(
      LogBatch(byteCapacity: 64 << 10, after: position, newestServerTimeMilliseconds: 0))
  }

  func exchangeStagedBatch(_ spare: inout LogBatch) {
    staged.withLock { $0.exchange(with: &spare) }
  }

  func stage(_ byte: UInt8) -> LogPosition? {
    staged.withLock { batch in
      batch.append(kind: 1, serverTimeMilliseconds: 100, maximumByteCount: 100) { output in
        for _ in 0..<100 { output.append(byte) }
      }
    }
  }
}

@Suite("The group committer")
struct GroupCommitterTests {
  private let directory = TemporaryDirectory()

  private func create() throws {
    var settings = LogSettings()
    settings.geometry = LogGeometry(segmentByteCount: 1 << 20, batchByteCountMax: 64 << 10)
    settings.reserveByteCount = 0
    try FileLog.create(directory: directory.path, settings)
  }

  private func open(_ replay: (LogRecordView) throws -> Void = { _ in }) throws -> FileLog {
    var expectation = LogExpectation(clockMilliseconds: { 1_000 })
    expectation.reserveByteCount = 0
    return try FileLog.open(directory: directory.path, expectation, replay: replay)
  }

  @Test("makes all that several threads stage durable, in order and across segments")
  func severalThreads() throws {
    try create()
    let source = StagingArea(after: .zero)
    var settings = GroupCommitterSettings()
    settings.idleMilliseconds = 1
    let announced = Atomic<UInt64>(0)
    let committer = try GroupCommitter(
      log: open(), source: source, settings: settings,
      whenDurable: { announced.store($0.rawValue, ordering: .releasing) },
      fatal: { fatalError("\($0)") })
    try committer.start()
    let threadCount = 3
    let perThread = 4_000
    var threads: [StagingThread] = []
    for _ in 0..<threadCount {
      threads.append(
        try StagingThread {
          var staged = 0
          while staged < perThread {
            guard committer.canAcceptChanges, source.stage(UInt8(staged & 0xFF)) != nil else {
              committer.wake()
              continue
            }
            committer.wake()
            staged += 1
          }
        })
    }
    for thread in threads { thread.join() }
    committer.stop()
    let total = UInt64(threadCount * perThread)
    #expect(committer.durablePosition.rawValue == total)
    #expect(announced.load(ordering: .acquiring) == total)
    let syncCount = committer.statistics.syncCount.current
    #expect(syncCount > 0 && syncCount <= total)
    #expect(committer.statistics.syncNanoseconds.current > 0)
    let verification = try LogInspector.verify(directory: directory.path)
    #expect(verification.lastPosition.rawValue == total && verification.totals.segmentCount > 1)
  }

  @Test(
    "counts slow syncs, warns of them, and notes the head at its end", arguments: [true, false])
  func slowSyncs(isSlow: Bool) throws {
    try create()
    let source = StagingArea(after: .zero)
    var settings = GroupCommitterSettings()
    settings.slowSyncMilliseconds = isSlow ? 0 : 1_000_000
    settings.warningMilliseconds = 0
    let warnings = Mutex<[CommitWarning]>([])
    let heads = Mutex<[String]>([])
    let committer = try GroupCommitter(
      log: open(), source: source, settings: settings, whenDurable: { _ in },
      warn: { warning in warnings.withLock { $0.append(warning) } },
      noteHead: { head in heads.withLock { $0.append(head) } }, fatal: { fatalError("\($0)") })
    try committer.start()
    _ = source.stage(1)
    committer.stop()
    #expect(committer.statistics.slowSyncCount.current == (isSlow ? 1 : 0))
    #expect(warnings.withLock { $0.count } == (isSlow ? 1 : 0))
    let noted = heads.withLock { $0 }
    let head = try LogInspector.verify(directory: directory.path).head
    #expect(noted == ["\(head)"])
  }

  @Test("stops cleanly, and lets the directory go with the log")
  func stop() throws {
    try create()
    let source = StagingArea(after: .zero)
    do {
      let committer = try GroupCommitter(
        log: open(), source: source, whenDurable: { _ in }, fatal: { fatalError("\($0)") })
      try committer.start()
      _ = source.stage(1)
      committer.stop()
      #expect(committer.durablePosition.rawValue == 1)
    }
    let log = try open()
    #expect(log.recovery.wasCleanStop && log.recovery.lastPosition.rawValue == 1)
  }

  @Test("leaves proof of the last batch when nothing more comes")
  func idle() throws {
    try create()
    let source = StagingArea(after: .zero)
    var settings = GroupCommitterSettings()
    settings.idleMilliseconds = 1
    let committer = try GroupCommitter(
      log: open(), source: source, settings: settings, whenDurable: { _ in },
      fatal: { fatalError("\($0)") })
    try committer.start()
    _ = source.stage(1)
    committer.wake()
    // Only the idle mark lets a running log's last batch be shown.
    while try LogInspector.verify(directory: directory.path).lastPosition.rawValue != 1 {}
    committer.stop()
  }

  @Test("inspection keeps up with a log that is being written")
  func inspectionMeanwhile() throws {
    try create()
    let source = StagingArea(after: .zero)
    let committer = try GroupCommitter(
      log: open(), source: source, whenDurable: { _ in }, fatal: { fatalError("\($0)") })
    try committer.start()
    let isDone = Atomic<Bool>(false)
    // Some thousand more with each inspection: of a log that grows as fast as it can, each would
    // have more to read than the one before.
    let granted = Atomic<UInt64>(0)
    let writer = try StagingThread {
      var staged: UInt64 = 0
      while !isDone.load(ordering: .acquiring) {
        if staged < granted.load(ordering: .relaxed), committer.canAcceptChanges {
          staged = source.stage(7)?.rawValue ?? staged
        } else {
          sched_yield()
        }
        committer.wake()
      }
    }
    for turn in 0..<40 as Range<UInt64> {
      let deadline = MonotonicClock.nowMilliseconds + 60_000
      while committer.durablePosition.rawValue < turn * 2_000,
        MonotonicClock.nowMilliseconds < deadline
      { sched_yield() }
      let before = committer.durablePosition
      guard before.rawValue >= turn * 2_000 else {
        Issue.record("the log does not grow: \(before.rawValue) in turn \(turn)")
        break
      }
      granted.wrappingAdd(2_000, ordering: .relaxed)
      let verification = try LogInspector.verify(directory: directory.path)
      #expect(verification.lastPosition <= committer.durablePosition)
      // All but the newest commits of before are shown.
      #expect(verification.totals.recordCount >= before.rawValue)
    }
    isDone.store(true, ordering: .releasing)
    writer.join()
    committer.stop()
  }

  @Test("ends the process when a write fails, with the reason")
  func fatal() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let directory = TemporaryDirectory()
      var settings = LogSettings()
      settings.geometry = LogGeometry(segmentByteCount: 1 << 20, batchByteCountMax: 64 << 10)
      settings.reserveByteCount = 0
      try FileLog.create(directory: directory.path, settings)
      let log = try FileLog.open(
        directory: directory.path, LogExpectation(clockMilliseconds: { 1_000 })
      ) { _ in }
      // A batch that does not continue the log stands for any error of it.
      let source = StagingArea(after: LogPosition(rawValue: 77))
      let committer = try GroupCommitter(
        log: log, source: source, whenDurable: { _ in },
        fatal: { error in
          guard case .unexpectedPosition = error else { exitNow(8) }
          exitNow(7)
        })
      try committer.start()
      _ = source.stage(1)
      committer.wake()
      committer.stop()
    }
  }

  @Test("a second opener is refused and told the owner's process")
  func secondOpener() throws {
    try create()
    let log = try open()
    let expected = LogError.directoryInUse(process: currentProcess())
    #expect(throws: expected) { _ = try open() }
    #expect("\(expected)".contains("\(currentProcess())"))
    _ = log.durablePosition
  }
}

/// A thread that a test joins.
private final class StagingThread: Sendable {
  private let thread = OwnThread()

  init(_ body: sending @escaping () -> Void) throws { try thread.start(name: "staging", body) }

  func join() { thread.join() }
}
