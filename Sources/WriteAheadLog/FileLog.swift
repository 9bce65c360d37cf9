import Cryptography
package import LinuxSystem
import Synchronization
public import TransactionModel

/// The embedded log: segment files in one directory.
///
/// One thread owns it. After an error nothing more can be done with it but to end the process:
/// recovery tells what became durable.
public struct FileLog: ~Copyable, CommitLog {
  /// What its opening found and did.
  public let recovery: RecoveryReport

  /// The segment that is written to.
  public let openSegment = OpenSegment()

  private let storage: any LogStorage
  private let preparer: SegmentPreparer
  private let kind: LogKind
  private let environment: UInt8
  private let geometry: LogGeometry
  private let keyring: LogKeyring
  private let clockMilliseconds: @Sendable () -> UInt64
  private let randomBytes: @Sendable (Int) -> [UInt8]
  private var control: ControlFile
  private var computation = SHA256()
  private var headerBuffer: FileBuffer
  private var emptyBatch: LogBatch?

  /// The segment being written; nil until there is room for one.
  private var segment: PreparedSegment?
  private var header: SegmentHeader?
  private var cipher: SegmentCipher?
  /// The end of what is durable.
  private var tail: LogTail
  /// The end of what is written, while it is not durable.
  private var writtenTail: LogTail?
  private var isSettled = true
  /// A segment with bytes behind its end that could not be copied, so it keeps them.
  private let uncuttableSegment: UInt64?
  private var hasFailed = false

  init(
    _ storage: any LogStorage, control: consuming ControlFile, preparer: SegmentPreparer,
    tail: LogTail, recovery: RecoveryReport, expectation: LogExpectation
  ) {
    let block = control.block
    self.storage = storage
    self.control = control
    self.preparer = preparer
    self.tail = tail
    self.recovery = recovery
    clockMilliseconds = expectation.clockMilliseconds
    keyring = expectation.keyring
    randomBytes = expectation.randomBytes
    uncuttableSegment = recovery.setAside.flatMap { $0.fileName == nil ? $0.segmentNumber : nil }
    kind = block.kind
    environment = block.environment
    geometry = block.geometry
    headerBuffer = FileBuffer(byteCount: geometry.headerExtent)
    emptyBatch = LogBatch(
      byteCapacity: geometry.smallestBatchExtent, after: tail.lastPosition,
      newestServerTimeMilliseconds: 0)
  }

  deinit { preparer.stop() }

  public var admission: LogAdmission { preparer.admission }

  public var batchByteCountMax: Int { geometry.batchByteCountMax }

  public var durablePosition: LogPosition { tail.lastPosition }

  /// The end of the chain of digests over all that is durable.
  public var head: LogHead { LogHead(tail) }

  public var headLine: String {
    guard let signed = try? SignedLogHead(head, keyring: keyring) else { return "\(head)" }
    return "\(signed)"
  }

  /// The end of what is durable, for a snapshot of what it has built.
  public var point: LogPoint { LogPoint(tail: tail) }

  /// Server time of the newest durable record; the next one's may not be less.
  public var newestServerTimeMilliseconds: UInt64 { tail.newestServerTimeMilliseconds }

  public mutating func append(
    _ batch: inout LogBatch, expecting position: LogPosition
  ) throws(LogError) {
    precondition(!hasFailed, "the log has failed or is closed")
    precondition(writtenTail == nil, "a batch is written only when the one before is durable")
    precondition(batch.byteCapacity <= geometry.batchByteCountMax, "batch larger than the log's")
    guard batch.firstPosition == position, position == tail.lastPosition.next else {
      throw .unexpectedPosition(batch.firstPosition, expected: tail.lastPosition.next)
    }
    hasFailed = true
    let extent = (BatchHeader.byteCount + batch.contentByteCount).roundedUp(to: geometry.alignment)
    if segment == nil || tail.endOffset + extent > geometry.segmentByteCount { try beginSegment() }
    guard let segment, let segmentHeader = self.header else { preconditionFailure("no segment") }
    let header = BatchHeader(
      following: tail, in: segmentHeader, batch: batch, extentByteCount: extent)
    let digest = batch.seal(header, &cipher, with: &computation)
    try attempt(LogFileName.segment(segment.number)) { () throws(SystemError) in
      try segment.file.write(batch.buffer.bytes.extracting(first: extent), at: tail.endOffset)
    }
    var written = tail
    written.advance(over: header, digest: digest)
    writtenTail = written
    hasFailed = false
  }

  public mutating func waitUntilDurable() throws(LogError) -> LogPosition {
    precondition(!hasFailed, "the log has failed")
    guard let writtenTail, let segment else { return tail.lastPosition }
    hasFailed = true
    try attempt(LogFileName.segment(segment.number)) { () throws(SystemError) in
      try segment.file.synchronizeData()
    }
    hasFailed = false
    tail = writtenTail
    self.writtenTail = nil
    isSettled = false
    noteRoom()
    return tail.lastPosition
  }

  /// Writes an empty batch, which proves the one before it, and the control file.
  public mutating func settle() throws(LogError) {
    guard !isSettled else { return }
    if tail.endOffset + geometry.smallestBatchExtent <= geometry.segmentByteCount {
      try writeEmptyBatch()
    }
    try writeControl(isCleanStop: false)
    isSettled = true
  }

  public mutating func close() throws(LogError) {
    precondition(!hasFailed, "the log has failed")
    preparer.stop()
    try writeControl(isCleanStop: true)
    hasFailed = true
    storage.release()
  }

  /// Shows the durable records behind a position.
  public func stream(
    after position: LogPosition, _ body: (LogRecordView) throws -> Void
  ) throws(LogError) {
    let catalog = try LogCatalog(storage, isLive: true)
    var walk = LogWalk(
      storage, catalog: catalog, keyring: keyring, replayAfter: position, limit: tail)
    _ = try walk.run(body)
  }

  private mutating func writeEmptyBatch() throws(LogError) {
    guard var batch = emptyBatch.take() else { preconditionFailure("the log has failed") }
    batch.reset(
      after: tail.lastPosition, newestServerTimeMilliseconds: tail.newestServerTimeMilliseconds)
    try append(&batch, expecting: tail.lastPosition.next)
    _ = try waitUntilDurable()
    emptyBatch = consume batch
  }

  /// Starts the thread that prepares segments; without it, `prepare` must be called.
  func startPreparing() throws(LogError) {
    try attempt("thread") { () throws(SystemError) in try preparer.start() }
  }

  /// Does by hand what the preparing thread does, for tests that need to know when.
  package func prepare() throws(SystemError) { try preparer.step() }

  // MARK: Segments

  /// Ends the current segment and begins the prepared one.
  ///
  /// Its header is durable before the first batch is written, so a header that is not whole proves
  /// that the segment holds nothing.
  mutating func beginSegment() throws(LogError) {
    guard let next = preparer.take() else {
      throw .noRoom(neededByteCount: UInt64(geometry.segmentByteCount), freeByteCount: 0)
    }
    var header = SegmentHeader(
      kind: kind, environment: environment, geometry: geometry, number: next.number,
      createdMilliseconds: clockMilliseconds(), history: tail.history, following: tail)
    if header.basePosition > tail.lastPosition {
      header.basePosition = max(
        header.basePosition, LogHistory.basePosition(above: control.block.givenThrough))
    }
    if let key = keyring.newest {
      header.hide(with: key, salt: randomBytes(SegmentCipher.saltByteCount))
    }
    Self.store(&header, into: &headerBuffer, with: &computation)
    do throws(SystemError) {
      try next.file.write(headerBuffer.bytes, at: 0)
      try next.file.synchronizeData()
    } catch {
      throw .system(error, file: LogFileName.segment(next.number))
    }
    segment = next
    cipher = try keyring.cipher(of: header)
    self.header = header
    let closed = tail
    tail = LogTail(beginningOf: header)
    try writeControl(isCleanStop: false)
    openSegment.set(next.number)
    if closed.segmentNumber > 0, closed.segmentNumber != uncuttableSegment {
      preparer.cut(closed.segmentNumber, to: closed.endOffset)
    }
    noteRoom()
  }

  private static func store(
    _ header: inout SegmentHeader, into buffer: inout FileBuffer, with computation: inout SHA256
  ) {
    var bytes = buffer.mutableBytes
    header.store(into: &bytes, with: &computation)
  }

  private mutating func writeControl(isCleanStop: Bool) throws(LogError) {
    do throws(SystemError) {
      try control.write(tail, isCleanStop: isCleanStop, with: &computation)
    } catch {
      throw .system(error, file: LogFileName.control)
    }
  }

  private func noteRoom() {
    preparer.note(
      roomByteCount: segment == nil ? 0 : geometry.segmentByteCount - tail.endOffset)
  }
}
