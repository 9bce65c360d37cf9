import Cryptography
import LinuxSystem
import TransactionModel

/// Writes a snapshot: a file that appears under its name whole and durable, or not at all.
public struct SnapshotWriter: ~Copyable {
  private let storage: any LogStorage
  private let file: any LogStorageFile
  private let header: SegmentHeader
  private let name: String
  private var cipher: SegmentCipher?
  private var batch: LogBatch
  private var tail: LogTail
  private var computation = SHA256()

  /// Begins a snapshot of what the log had built at a point, in a directory for snapshots.
  ///
  /// A file that an earlier writer left unfinished is removed.
  public init(
    directory path: String, of kind: LogKind, environment: UInt8, at point: LogPoint,
    keyring: LogKeyring, clockMilliseconds: UInt64
  ) throws(LogError) {
    try self.init(
      try LogRestore.emptyDirectory(path), environment: environment, at: point, keyring: keyring,
      clockMilliseconds: clockMilliseconds)
  }

  package init(
    _ storage: any LogStorage, environment: UInt8, at point: LogPoint, keyring: LogKeyring,
    clockMilliseconds: UInt64, geometry: LogGeometry = Self.geometry
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
    let file = try attempt(LogFileName.temporary) { () throws(SystemError) in
      if try storage.names().contains(LogFileName.temporary) {
        try storage.remove(LogFileName.temporary)
      }
      let file = try storage.createFile(LogFileName.temporary)
      try file.write(buffer.bytes, at: 0)
      return file
    }
    cipher = try keyring.cipher(of: header)
    self.storage = storage
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
    try attempt(name) { [file, storage, name] () throws(SystemError) in
      try file.synchronize()
      try storage.rename(LogFileName.temporary, to: name)
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
      try file.write(batch.buffer.bytes.extracting(first: extent), at: tail.endOffset)
    } catch {
      throw .system(error, file: name)
    }
    tail.advance(over: batchHeader, digest: digest)
    batch.reset(after: tail.lastPosition, newestServerTimeMilliseconds: 0)
  }
}
