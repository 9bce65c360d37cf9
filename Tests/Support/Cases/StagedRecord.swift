public import TransactionEngine
public import TransactionModel
public import WriteAheadLog

/// A copy of one record that an engine staged.
public struct StagedRecord: Hashable, Sendable {
  public var kind: UInt16
  public var position: LogPosition
  public var serverTime: Instant
  public var body: [UInt8]

  public init(_ view: borrowing LogRecordView) {
    kind = view.kind
    position = view.position
    serverTime = Instant(milliseconds: view.serverTimeMilliseconds)
    body = []
    for offset in 0..<view.body.byteCount {
      body.append(unsafe view.body.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
    }
  }

  /// Bytes that it takes in a batch: its header, its body, padding to a multiple of eight.
  public var extent: Int { (24 + body.count + 7) / 8 * 8 }
}

extension StagedRecord {
  /// The body that `write` writes.
  public static func body(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
    var batch = LogBatch(byteCapacity: 4096, after: .zero, newestServerTimeMilliseconds: 0)
    let position = batch.append(
      kind: 1, serverTimeMilliseconds: 0, maximumByteCount: 2048, write)
    precondition(position != nil, "a batch without room for one record")
    var body: [UInt8] = []
    batch.forEachRecord { body = StagedRecord($0).body }
    return body
  }

  /// Records, dense from position 1, to be put into batches again and replayed.
  public struct Batches {
    private let records: [StagedRecord]

    public init(_ records: [StagedRecord]) { self.records = records }

    /// Replays all records and begins service behind them.
    public func replay(into engine: inout TransactionEngine, at now: Instant = .none) throws {
      var batch = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
      for record in records {
        while append(record, to: &batch) == nil {
          try replay(batch, into: &engine)
          batch.reset(
            after: batch.lastPosition,
            newestServerTimeMilliseconds: batch.newestServerTimeMilliseconds)
        }
      }
      try replay(batch, into: &engine)
      engine.beginService(after: batch.lastPosition, at: now)
    }

    private func append(_ record: StagedRecord, to batch: inout LogBatch) -> LogPosition? {
      batch.append(
        kind: record.kind, serverTimeMilliseconds: record.serverTime.milliseconds,
        maximumByteCount: record.body.count
      ) { output in
        for byte in record.body { output.append(byte) }
      }
    }

    private func replay(
      _ batch: borrowing LogBatch, into engine: inout TransactionEngine
    ) throws(ReplayError) {
      try batch.forEachRecord { (view) throws(ReplayError) in try engine.replay(view) }
    }
  }
}
