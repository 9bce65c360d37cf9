import Cryptography
import LinuxSystem

/// A segment file read through a window of memory.
struct SegmentReader: ~Copyable {
  /// Direct reads start and end on multiples of this.
  private static let readAlignment = 4096

  let name: String
  let byteCount: Int
  let readsPastPageCache: Bool
  private let file: any LogStorageFile
  private var window: FileBuffer
  private var windowStart = 0
  private var windowByteCount = 0
  /// Up to here the window does not show the file any more: what it held was opened in place.
  private var changedEnd = 0

  /// Opens a segment, to load at most `widestByteCount` of it at once.
  init(
    _ storage: any LogStorage, name: String, widestByteCount: Int, isDirect: Bool
  ) throws(LogError) {
    let opened = try attempt(name) { () throws(SystemError) in
      isDirect
        ? try storage.openFileForTruth(name)
        : (file: try storage.openFile(name, .readOnly), isDirect: false)
    }
    let byteCount = try attempt(name) { () throws(SystemError) in try opened.file.byteCount() }
    self.byteCount = byteCount
    file = opened.file
    readsPastPageCache = opened.isDirect
    self.name = name
    window = FileBuffer(
      byteCount: 2 * widestByteCount.roundedUp(to: Self.readAlignment) + Self.readAlignment)
  }

  /// Brings a part of the file into the window; what is behind the file's end is missing from it.
  ///
  /// Gives where the part starts in `bytes`.
  mutating func load(_ range: Range<Int>) throws(LogError) -> Int {
    if range.lowerBound >= max(windowStart, changedEnd),
      range.upperBound <= windowStart + windowByteCount || isAtEnd
    {
      return range.lowerBound - windowStart
    }
    let start = range.lowerBound.roundedDown(to: Self.readAlignment)
    precondition(range.upperBound - start <= window.byteCount, "wider than the window")
    let whole = 0..<window.byteCount
    do throws(SystemError) {
      windowByteCount = 0
      changedEnd = 0
      windowByteCount = try window.withOutput(in: whole) { [file] output throws(SystemError) in
        try file.read(at: start, into: &output)
      }
    } catch {
      throw .system(error, file: name)
    }
    windowStart = start
    return range.lowerBound - start
  }

  /// What the window holds; offsets are those that `load` gave.
  var bytes: RawSpan {
    @_lifetime(borrow self)
    borrowing get { window.bytes.extracting(first: windowByteCount) }
  }

  /// Lets the next load read from the file again.
  mutating func forget() { windowByteCount = 0 }

  private var isAtEnd: Bool {
    windowByteCount > 0 && windowStart + windowByteCount >= byteCount
  }

  /// Makes what was read durable, where it may only have been written.
  func synchronize() throws(LogError) {
    try attempt(name) { () throws(SystemError) in try file.synchronizeData() }
  }

  /// The offset behind the last byte from `start` on that is not zero, or nil.
  mutating func endOfNonZero(from start: Int) throws(LogError) -> Int? {
    var end: Int?
    var offset = start
    let step = window.byteCount - Self.readAlignment
    while offset < byteCount {
      let range = offset..<min(byteCount, offset + step)
      let windowOffset = try load(range)
      let present = windowOffset..<min(windowOffset + range.count, windowByteCount)
      if !present.isEmpty, let found = bytes.endOfNonZero(in: present) {
        end = found - windowOffset + offset
      }
      offset = range.upperBound
    }
    return end
  }

  /// Reads the batch at an offset and proves it by itself; gives where it is in `bytes`.
  mutating func batch(
    at offset: Int, of segment: SegmentHeader, with computation: inout SHA256
  ) throws(LogError) -> Result<ProvenBatch, BlockFault> {
    let fields = try headerFields(at: offset, geometry: segment.geometry)
    switch fields {
    case .failure(let fault):
      return .failure(fault)
    case .success(let header):
      let start = try load(offset..<offset + header.extentByteCount)
      return proven(header, at: start, of: segment, with: &computation)
    }
  }

  /// Shows the records of a batch in the window; false when it was not sealed with this cipher.
  mutating func open(_ batch: ProvenBatch, with cipher: inout SegmentCipher) -> Bool {
    changedEnd = windowStart + batch.windowOffset + batch.header.extentByteCount
    var bytes = window.mutableBytes
    return cipher.open(&bytes, batch.header, at: batch.windowOffset)
  }

  /// Reads a batch's header without proving it.
  mutating func headerFields(
    at offset: Int, geometry: LogGeometry
  ) throws(LogError) -> Result<BatchHeader, BlockFault> {
    let start = try load(offset..<offset + BatchHeader.byteCount)
    do throws(BlockFault) {
      return .success(try BatchHeader(fieldsOf: bytes, at: start, geometry: geometry))
    } catch {
      return .failure(error)
    }
  }

  private func proven(
    _ header: BatchHeader, at start: Int, of segment: SegmentHeader,
    with computation: inout SHA256
  ) -> Result<ProvenBatch, BlockFault> {
    let extent = start..<start + header.extentByteCount
    guard bytes.byteCount >= extent.upperBound else { return .failure(.tooShort) }
    guard let digest = SealedBlock.digest(ifIntact: bytes, in: extent, with: &computation) else {
      return .failure(.digestMismatch)
    }
    do throws(BlockFault) {
      try header.check(bytes, at: start, of: segment)
    } catch {
      return .failure(error)
    }
    return .success(ProvenBatch(header: header, digest: digest, windowOffset: start))
  }
}

/// A batch whose digest is right, and where it is in the reader's window.
struct ProvenBatch {
  let header: BatchHeader
  let digest: SHA256Digest
  let windowOffset: Int
}
