import Administration
import Support
import Synchronization
import TransactionModel
import WriteAheadLog

/// The records of an engine in memory as a log of parts, each of which has a few.
final class StagedArchive: RecordArchive {
  private struct State {
    var records: [StagedRecord] = []
    var partRecordCount = 1_000
    var durable = LogPosition.zero
    var reads: [UInt64] = []
  }

  private let state = Mutex(State())

  /// Puts records in the archive, so many in a part; the last ones may not be durable yet.
  func fill(_ records: [StagedRecord], perPart count: Int, durable: LogPosition? = nil) {
    state.withLock {
      $0.records = records
      $0.durable = durable ?? records.last?.position ?? .zero
      $0.partRecordCount = count
    }
  }

  var durable: LogPosition { state.withLock { $0.durable } }

  /// The parts that were read since the last time.
  func takeReads() -> [UInt64] {
    state.withLock { state in
      defer { state.reads = [] }
      return state.reads
    }
  }

  func numbers() -> ClosedRange<UInt64>? {
    state.withLock {
      $0.records.isEmpty ? nil : 1...UInt64(($0.records.count - 1) / $0.partRecordCount + 1)
    }
  }

  func number(holding position: LogPosition) -> UInt64? {
    state.withLock {
      position == .zero ? nil : (position.rawValue - 1) / UInt64($0.partRecordCount) + 1
    }
  }

  func read(
    _ number: UInt64, after: LogPosition, through: LogPosition,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError) {
    let records = state.withLock { state in
      state.reads.append(number)
      let first = Int(number - 1) * state.partRecordCount
      return Array(state.records.dropFirst(first).prefix(state.partRecordCount))
    }
    var batch = LogBatch(
      byteCapacity: 1 << 20,
      after: LogPosition(rawValue: (records.first?.position.rawValue ?? 1) - 1),
      newestServerTimeMilliseconds: 0)
    for record in records {
      let position = batch.append(
        kind: record.kind, serverTimeMilliseconds: record.serverTime.milliseconds,
        maximumByteCount: record.body.count
      ) { output in
        for byte in record.body { output.append(byte) }
      }
      precondition(position == record.position, "a part of more than a batch")
    }
    do {
      try batch.forEachRecord { view in
        if view.position > after, view.position <= through { try body(view) }
      }
    } catch {
      throw .replayRefused(after, reason: "\(error)")
    }
  }
}

/// What an administrator told of commands.
final class EventList: Sendable {
  private let events = Mutex<[CommandEvent]>([])

  func append(_ event: CommandEvent) { events.withLock { $0.append(event) } }

  /// Those since the last time.
  func take() -> [CommandEvent] {
    events.withLock { events in
      defer { events = [] }
      return events
    }
  }
}
