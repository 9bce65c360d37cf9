import Cryptography
import LinuxSystem
import TransactionModel

/// Writes a snapshot: a file that appears under its name whole and durable, or not at all.
public struct SnapshotWriter: ~Copyable {
  private let reserveByteCount: UInt64
  private let storage: any LogStorage
  private let file: any LogStorageFile
  private let header: SegmentHeader
  private let name: String
  private var cipher: SegmentCipher?
  private var batch: LogBatch
  private var tail: LogTail
  private var computation = SHA256()

  /// Begins a snapshot of what the log had built at a point, in the log's directory.
  ///
  /// A file that an earlier writer left unfinished is removed. `reserveByteCount` is free space that
  /// is left to the log: without it the making fails.
  public init(
    directory path: String, environment: UInt8, at point: LogPoint, keyring: LogKeyring,
    reserveByteCount: UInt64, clockMilliseconds: UInt64
  ) throws(LogError) {
    try self.init(
      try LogInspector.storage(path), environment: environment, at: point, keyring: keyring,
      reserveByteCount: reserveByteCount, clockMilliseconds: clockMilliseconds)
  }

  package init(
    _ storage: any LogStorage, environment: UInt8, at point: LogPoint, keyring: LogKeyring,
    reserveByteCount: UInt64 = 0, clockMilliseconds: UInt64, geometry: LogGeometry = Self.geometry
  ) throws(LogError) {
    var header = SegmentHeader(
      kind: .snapshot, environment: environment, geometry: geometry, number: 1,
      createdMilliseconds: clockMilliseconds, history: point.tail.history, following: point.tail)
    // Its records are counted from 1: they are no positions of the log.
    header.basePosition = .zero
    if let key = keyring.newest {
      header.hide(with: key, salt: SecureRandom.bytes(count: SegmentCipher.saltByteCount))
    }
    var computation = SHA256()
    var buffer = FileBuffer(byteCount: geometry.headerExtent)
    do {
      var bytes = buffer.mutableBytes
      header.store(into: &bytes, with: &computation)
    }
    let file = try attempt(LogFileName.temporarySnapshot) { () throws(SystemError) in
      if try storage.names().contains(LogFileName.temporarySnapshot) {
        try storage.remove(LogFileName.temporarySnapshot)
      }
      let file = try storage.createFile(LogFileName.temporarySnapshot)
      try file.write(buffer.bytes, at: 0)
      return file
    }
    cipher = try keyring.cipher(of: header)
    self.storage = storage
    self.reserveByteCount = reserveByteCount
    self.file = file
    self.header = header
    name = LogSnapshot.name(of: point.position)
    tail = LogTail(beginningOf: header)
    batch = LogBatch(
      byteCapacity: geometry.batchByteCountMax, after: .zero, newestServerTimeMilliseconds: 0)
  }

  package static let geometry = LogGeometry(
    segmentByteCount: LogSnapshot.byteCountMax,
    batchByteCountMax: LogGeometry.batchByteCountMaxDefault)

  /// Appends a record; which kinds there are is the owner's affair.
  public mutating func append(
    kind: UInt16, maximumByteCount: Int, _ body: (inout OutputRawSpan) -> Void
  ) throws(LogError) {
    if !batch.hasRoom(bodyByteCount: maximumByteCount) { try writeBatch() }
    let position = batch.append(
      kind: kind, serverTimeMilliseconds: 0, maximumByteCount: maximumByteCount, body)
    precondition(position != nil, "a record is larger than a batch")
  }

  /// Writes the end, makes the file durable, and gives it its name, which is given back.
  public consuming func finish() throws(LogError) -> String {
    if !batch.isEmpty { try writeBatch() }
    try writeBatch()
    // With its last batch the file is durable; now its name is to be.
    try attempt(name) { [storage, name] () throws(SystemError) in
      // Whoever makes a snapshot anew has found that the one of this name cannot be used.
      if try storage.names().contains(name) { try storage.remove(name) }
      try storage.rename(LogFileName.temporarySnapshot, to: name)
      try storage.synchronizeNames()
    }
    return name
  }

  private mutating func writeBatch() throws(LogError) {
    let geometry = header.geometry
    let extent = (BatchHeader.byteCount + batch.contentByteCount).roundedUp(to: geometry.alignment)
    let batchHeader = BatchHeader(
      following: tail, in: header, batch: batch, extentByteCount: extent)
    let digest = batch.seal(batchHeader, &cipher, with: &computation)
    do throws(SystemError) {
      if reserveByteCount > 0 {
        let free = try storage.freeByteCount()
        let needed = reserveByteCount + UInt64(extent)
        guard free >= needed else { throw .noSpace }
      }
      try file.write(batch.buffer.bytes.extracting(first: extent), at: tail.endOffset)
      // A little at a time: who serves from the same disk must not wait for all of it at once.
      try file.synchronizeData()
    } catch {
      throw .system(error, file: name)
    }
    tail.advance(over: batchHeader, digest: digest)
    batch.reset(after: tail.lastPosition, newestServerTimeMilliseconds: 0)
  }
}
