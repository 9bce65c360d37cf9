import SimulatedStorage
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
    _ storage: SimulatedStorage, keptFor milliseconds: UInt64? = 0, keeping count: Int = 2
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
    return try LogRetention(snapshotCount: count, milliseconds: milliseconds)
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
