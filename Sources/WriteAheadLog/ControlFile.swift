import Cryptography
import LinuxSystem
import TransactionModel

/// The control file, written in place: on an idle tick, at each new segment and at a clean stop.
///
/// It never runs ahead of the log: what it names was durable before. So a log that ends before it
/// has lost something, and one that ends behind it may have lost something newer.
struct ControlFile: ~Copyable {
  private static let copyCount = 2

  private(set) var block: ControlBlock
  private let file: any LogStorageFile
  private var buffer = FileBuffer(byteCount: ControlBlock.byteCount)

  /// Opens the control file for writing, to go on behind a block that was read from it.
  init(storage: any LogStorage, continuing block: ControlBlock) throws(LogError) {
    file = try attempt(LogFileName.control) { () throws(SystemError) in
      let file = try storage.openFile(LogFileName.control, .readWrite)
      // The block may have been read from a copy whose writer was killed before its sync; until it
      // is durable, the other copy is the only one.
      try file.synchronizeData()
      return file
    }
    self.block = block
  }

  /// Makes the control file of a new log: the last step of its creation.
  static func create(_ block: ControlBlock, in storage: any LogStorage) throws(SystemError) {
    var computation = SHA256()
    var buffer = FileBuffer(byteCount: ControlBlock.byteCount)
    var bytes = buffer.mutableBytes
    block.store(into: &bytes, with: &computation)
    _ = try storage.makeDurableFile(LogFileName.control) { file throws(SystemError) in
      try file.fillWithZeros(byteCount: Self.copyCount * ControlBlock.byteCount)
      try file.write(buffer.bytes, at: Self.offset(sequence: block.sequence))
    }
  }

  /// Reads the newest valid copy.
  static func read(
    _ storage: any LogStorage, isDirect: Bool, with computation: inout SHA256
  ) throws(LogError) -> ControlBlock {
    guard
      try attempt(LogFileName.directory, { () throws(SystemError) in try storage.names() })
        .contains(LogFileName.control)
    else { throw .noLog }
    var buffer = FileBuffer(byteCount: Self.copyCount * ControlBlock.byteCount)
    let byteCount = try attempt(LogFileName.control) { () throws(SystemError) in
      let file =
        isDirect
        ? try storage.openFileForTruth(LogFileName.control).file
        : try storage.openFile(LogFileName.control, .readOnly)
      return try buffer.withOutput(in: 0..<buffer.byteCount) { output throws(SystemError) in
        try file.read(at: 0, into: &output)
      }
    }
    let bytes = buffer.bytes.extracting(first: byteCount)
    var newest: ControlBlock?
    var otherVersion: UInt16?
    for copy in 0..<Self.copyCount {
      let offset = copy * ControlBlock.byteCount
      let block = ControlBlock(bytes, at: offset, with: &computation)
      if let block, block.sequence >= newest?.sequence ?? 0 { newest = block }
      let version = ControlBlock.version(of: bytes, at: offset, with: &computation)
      if version != LogGeometry.formatVersion { otherVersion = version ?? otherVersion }
    }
    // Also where the other copy is of ours: whoever wrote this one has gone on from that.
    if let otherVersion { throw .otherVersion(otherVersion, file: LogFileName.control) }
    if let newest { return newest }
    throw .damaged(
      LogDamage(
        fileName: LogFileName.control, offset: 0, reason: .controlFileUnreadable,
        firstLostPosition: .zero, lastLostPosition: nil))
  }

  /// Writes the older copy anew and makes it durable.
  mutating func write(
    _ tail: LogTail, isCleanStop: Bool, with computation: inout SHA256
  ) throws(SystemError) {
    block.tail = tail
    block.isCleanStop = isCleanStop
    block.sequence += 1
    let block = block
    do {
      var bytes = buffer.mutableBytes
      block.store(into: &bytes, with: &computation)
    }
    try file.write(buffer.bytes, at: Self.offset(sequence: block.sequence))
    try file.synchronizeData()
  }

  private static func offset(sequence: UInt64) -> Int {
    Int(sequence % UInt64(copyCount)) * ControlBlock.byteCount
  }
}
