/// Bytes on their way through a connection, first in, first out, in a buffer lent by a pool.
///
/// It holds a buffer only while it holds bytes.
@safe
struct ByteQueue: ~Copyable {
  private var storage = unsafe UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var readStart = 0
  private var readEnd = 0

  init() {}

  deinit { unsafe storage.deallocate() }

  var byteCount: Int { readEnd - readStart }

  var isEmpty: Bool { readStart == readEnd }

  /// What waits to be consumed; the queue cannot change while the span is in scope.
  var readable: RawSpan {
    @_lifetime(borrow self)
    get {
      let region = unsafe UnsafeRawBufferPointer(rebasing: storage[readStart..<readEnd])
      return unsafe _overrideLifetime(region.bytes, borrowing: self)
    }
  }

  /// Lets `fill` write into the free tail, which has room for at least `byteCountMin` bytes.
  mutating func append<Outcome>(
    byteCountMin: Int, from pool: BufferPool, _ fill: (inout OutputRawSpan) -> Outcome
  ) -> Outcome {
    makeRoom(byteCountMin, from: pool)
    let tail = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[readEnd...])
    var span = unsafe OutputRawSpan(buffer: tail, initializedCount: 0)
    let outcome = fill(&span)
    readEnd += unsafe span.finalize(for: tail)
    return outcome
  }

  mutating func append(_ bytes: RawSpan, from pool: BufferPool) {
    makeRoom(bytes.byteCount, from: pool)
    unsafe bytes.withUnsafeBytes { source in
      let target = unsafe UnsafeMutableRawBufferPointer(
        rebasing: storage[readEnd..<readEnd + source.count])
      unsafe target.copyMemory(from: source)
    }
    readEnd += bytes.byteCount
  }

  mutating func append(_ number: UInt64, from pool: BufferPool) {
    let byteCount = MemoryLayout<UInt64>.size
    makeRoom(byteCount, from: pool)
    unsafe storage.storeBytes(of: number, toByteOffset: readEnd, as: UInt64.self)
    readEnd += byteCount
  }

  mutating func append(_ text: String, from pool: BufferPool) {
    var text = text
    text.withUTF8 { append(unsafe $0.span.bytes, from: pool) }
  }

  /// Takes the text in front of the first line feed, and the line feed; nil if none has come.
  ///
  /// What is not UTF-8 becomes replacement characters.
  mutating func takeLine() -> String? {
    let region = unsafe UnsafeRawBufferPointer(rebasing: storage[readStart..<readEnd])
    guard let end = unsafe region.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let line = unsafe String(decoding: region[..<end], as: UTF8.self)
    consume(end + 1)
    return line
  }

  /// A number that was appended, `offset` bytes behind the front.
  func number(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset + MemoryLayout<UInt64>.size <= byteCount)
    return unsafe storage.loadUnaligned(fromByteOffset: readStart + offset, as: UInt64.self)
  }

  mutating func consume(_ byteCount: Int) {
    precondition(byteCount >= 0 && byteCount <= self.byteCount, "consumed more than is here")
    readStart += byteCount
  }

  /// Moves bytes from the front of this queue to the end of another.
  mutating func move(_ byteCount: Int, to target: inout ByteQueue, pool: BufferPool) {
    target.append(readable.extracting(first: byteCount), from: pool)
    consume(byteCount)
  }

  /// Gives the buffer back if no bytes are in it.
  mutating func releaseWhenEmpty(to pool: BufferPool) {
    guard isEmpty else { return }
    (readStart, readEnd) = (0, 0)
    guard unsafe storage.count > 0 else { return }
    unsafe pool.giveBack(storage)
    unsafe storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  private mutating func makeRoom(_ byteCount: Int, from pool: BufferPool) {
    if unsafe storage.count == 0 { unsafe storage = pool.take() }
    if isEmpty { (readStart, readEnd) = (0, 0) }
    guard unsafe storage.count - readEnd < byteCount else { return }
    let region = unsafe UnsafeRawBufferPointer(rebasing: storage[readStart..<readEnd])
    unsafe storage.copyMemory(from: region)
    (readStart, readEnd) = (0, readEnd - readStart)
    precondition(unsafe storage.count - readEnd >= byteCount, "the queue is full")
  }
}
