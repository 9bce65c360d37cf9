public import TransactionModel

/// A log that makes batches durable, whatever it is made of.
///
/// One leader appends, positions are dense, and a batch is the unit of durability. The embedded
/// `FileLog` is the first such log; nothing that uses this protocol may know that it has files.
public protocol CommitLog: ~Copyable, Sendable {
  /// Whether changes may be accepted, for any thread to ask.
  var admission: LogAdmission { get }

  /// The capacity of the batches it takes: those that a `BatchSource` makes have the same.
  var batchByteCountMax: Int { get }

  /// The position of the last durable record.
  var durablePosition: LogPosition { get }

  /// The end of the chain of digests over all that is durable, signed where there is a key: a line.
  var headLine: String { get }

  /// Takes a batch that begins at a position; it is not durable yet.
  mutating func append(_ batch: inout LogBatch, expecting position: LogPosition) throws(LogError)

  /// Returns when all that was appended is durable, and gives the last position.
  mutating func waitUntilDurable() throws(LogError) -> LogPosition

  /// Shows the durable records behind a position, in order.
  func stream(after position: LogPosition, _ body: (LogRecordView) throws -> Void) throws(LogError)

  /// Leaves proof of the last batch; called when the log has been idle for a moment.
  mutating func settle() throws(LogError)

  /// Leaves proof of the last batch and of a clean end, and lets the storage go.
  mutating func close() throws(LogError)
}

/// Where the committer takes its batches from: the engine.
public protocol BatchSource: Sendable {
  /// Puts an empty batch in the place of the staged one, under the source's lock.
  ///
  /// All it does is `staged.exchange(with: &spare)`.
  func exchangeStagedBatch(_ spare: inout LogBatch)
}
