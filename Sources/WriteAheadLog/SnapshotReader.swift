import Cryptography
import LinuxSystem
import Synchronization

/// Reads a snapshot ahead of whoever takes it in, on threads of their own, and proves each batch.
///
/// Each batch is read, digested and opened by itself, so several are at work at once while records
/// are built up; they are taken in one after the other, and only then held against the one before.
final class SnapshotReader: Sendable {
  /// Two keep up with the thread that builds the records up.
  private static let threadCount = 2
  /// Batches that may be on their way.
  private static let slotCount = 6

  private let file: any LogStorageFile
  private let byteCount: Int
  private let header: SegmentHeader
  private let keyring: LogKeyring?
  private let slots: [SnapshotSlot]
  private let front: Mutex<Front>
  private let takenCount = Atomic<Int>(0)
  private let isCancelled = Atomic<Bool>(false)
  private let filled: Wakeup
  private let taken: Wakeup
  private let threads = (0..<threadCount).map { _ in OwnThread() }

  /// Prepares to read what stands behind a file's header.
  ///
  /// With a keyring, which was checked to have the key, records are shown; else they stay hidden.
  init(
    _ file: any LogStorageFile, byteCount: Int, _ header: SegmentHeader,
    openedBy keyring: LogKeyring?
  ) throws(SystemError) {
    self.file = file
    self.byteCount = byteCount
    self.header = header
    self.keyring = keyring
    slots = (0..<Self.slotCount).map { _ in SnapshotSlot(header.geometry.batchByteCountMax) }
    filled = try Wakeup()
    taken = try Wakeup()
    front = Mutex(
      Front(
        offset: LogTail(beginningOf: header).endOffset, takenWaiter: try Wakeup.Waiter(taken)))
  }

  /// Gives every batch in order to `body`, the last one too, which has no records.
  func read(
    _ body: (borrowing FileBuffer, BatchHeader, _ offset: Int) throws(LogError) -> Void
  ) throws(LogError) {
    defer {
      isCancelled.store(true, ordering: .releasing)
      taken.wake()
      for thread in threads { thread.join() }
    }
    for (place, thread) in threads.enumerated() {
      try attempt("thread") { () throws(SystemError) in
        try thread.start(name: "snapshot-read-\(place + 1)") { self.run() }
      }
    }
    var waiter = try attempt("eventfd") { () throws(SystemError) in try Wakeup.Waiter(filled) }
    var tail = LogTail(beginningOf: header)
    var count = 0
    while true {
      let slot = slots[count % Self.slotCount]
      while slot.filledCount.load(ordering: .acquiring) <= count {
        _ = waiter.wait(timeoutMilliseconds: -1)
      }
      let isLast = try slot.content.withLock { content throws(LogError) in
        let (batch, digest) = try content.outcome.get()
        try check(batch, following: tail)
        let offset = tail.endOffset
        tail.advance(over: batch, digest: digest)
        try body(content.buffer, batch, offset)
        return batch.recordCount == 0
      }
      if isLast { return }
      count += 1
      takenCount.store(count, ordering: .releasing)
      taken.wake()
    }
  }

  private func check(
    _ batch: BatchHeader, following tail: LogTail
  ) throws(LogError) {
    do throws(BlockFault) {
      try batch.check(following: tail)
      if batch.recordCount == 0 {
        guard batch.contentByteCount == 0, tail.endOffset + batch.extentByteCount == byteCount
        else { throw .outOfOrder }
      }
    } catch {
      throw damage(tail.endOffset, .batch(error))
    }
  }

  // MARK: The threads

  /// What is read next, and by whom: the thread that holds it.
  private struct Front: ~Copyable {
    var offset: Int
    var count = 0
    var isAtEnd = false
    var takenWaiter: Wakeup.Waiter
  }

  private func run() {
    var computation = SHA256()
    var cipher: SegmentCipher?
    var failure: LogError?
    do throws(LogError) { cipher = try keyring?.cipher(of: header) } catch { failure = error }
    while let begun = begin() {
      let slot = slots[begun.count % Self.slotCount]
      slot.content.withLock { content in
        do throws(LogError) {
          if let failure = failure ?? begun.failure { throw failure }
          let proven = try fill(&content.buffer, at: begun.offset, &computation, &cipher)
          // Whoever takes batches in waits for another one unless this is the last.
          guard begun.isLast == (proven.0.recordCount == 0) else {
            throw damage(begun.offset, .batch(.outOfOrder))
          }
          content.outcome = .success(proven)
        } catch {
          content.outcome = .failure(error)
        }
      }
      slot.filledCount.store(begun.count + 1, ordering: .releasing)
      filled.wake()
    }
  }

  /// A batch that a thread has taken up.
  private struct Begun {
    var count: Int
    var offset: Int
    var isLast = false
    var failure: LogError?
  }

  /// Takes up the next batch, when there is a slot for it; nil when there is none, or nobody wants
  /// it.
  ///
  /// Its header, of which nothing is proven, says where the one behind it stands. Whatever that
  /// leads to, this batch is taken in first, and refused.
  private func begin() -> Begun? {
    front.withLock { front in
      while front.count - takenCount.load(ordering: .acquiring) == Self.slotCount {
        if isCancelled.load(ordering: .acquiring) { return nil }
        _ = front.takenWaiter.wait(timeoutMilliseconds: -1)
      }
      guard !front.isAtEnd, !isCancelled.load(ordering: .acquiring) else { return nil }
      var begun = Begun(count: front.count, offset: front.offset)
      front.count += 1
      do throws(LogError) {
        let batch = try peek(at: begun.offset)
        front.offset += batch?.extentByteCount ?? 0
        begun.isLast = batch?.recordCount ?? 0 == 0
      } catch {
        (begun.failure, begun.isLast) = (error, true)
      }
      front.isAtEnd = begun.isLast
      return begun
    }
  }

  /// The header at an offset; nil where there is none.
  private func peek(at offset: Int) throws(LogError) -> BatchHeader? {
    var buffer = FileBuffer(byteCount: BatchHeader.byteCount)
    let count = try read(into: &buffer, at: offset)
    return try? BatchHeader(
      fieldsOf: buffer.bytes.extracting(first: count), at: 0, geometry: header.geometry)
  }

  /// Reads the batch at an offset, and proves and opens it.
  private func fill(
    _ buffer: inout FileBuffer, at offset: Int, _ computation: inout SHA256,
    _ cipher: inout SegmentCipher?
  ) throws(LogError) -> (BatchHeader, SHA256Digest) {
    let count = try read(into: &buffer, at: offset)
    do throws(BlockFault) {
      let (batch, digest) = try prove(buffer.bytes.extracting(first: count), &computation)
      var bytes = buffer.mutableBytes
      guard cipher?.open(&bytes, batch, at: 0) ?? true else { throw .undecipherable }
      return (batch, digest)
    } catch {
      throw damage(offset, .batch(error))
    }
  }

  private func prove(
    _ bytes: RawSpan, _ computation: inout SHA256
  ) throws(BlockFault) -> (BatchHeader, SHA256Digest) {
    let batch = try BatchHeader(fieldsOf: bytes, at: 0, geometry: header.geometry)
    let extent = 0..<batch.extentByteCount
    guard extent.upperBound <= bytes.byteCount else { throw .tooShort }
    guard let digest = SealedBlock.digest(ifIntact: bytes, in: extent, with: &computation) else {
      throw .digestMismatch
    }
    try batch.check(bytes, at: 0, of: header)
    return (batch, digest)
  }

  /// Reads as much as a buffer holds, through the page cache: a snapshot has its name only when all
  /// of it was synced.
  private func read(into buffer: inout FileBuffer, at offset: Int) throws(LogError) -> Int {
    let whole = 0..<buffer.byteCount
    do throws(SystemError) {
      return try buffer.withOutput(in: whole) { [file] output throws(SystemError) in
        try file.read(at: offset, into: &output)
      }
    } catch {
      throw .system(error, file: name)
    }
  }

  private var name: String { LogSnapshot.name(of: header.predecessorLastPosition) }

  private func damage(_ offset: Int, _ reason: DamageReason) -> LogError {
    LogSnapshot.damage(name, offset, reason)
  }
}

/// One batch on its way from a thread that reads.
///
/// The mutex is held while a file is read or records are taken in, and nobody ever waits for it: the
/// counts of filled and taken batches say whose turn it is. It hands the content from one thread to
/// the other.
final class SnapshotSlot: Sendable {
  struct Content: ~Copyable {
    var buffer: FileBuffer
    var outcome = Result<(BatchHeader, SHA256Digest), LogError>.failure(.nothingThere)

    init(_ byteCount: Int) { buffer = FileBuffer(byteCount: byteCount) }
  }

  let content: Mutex<Content>
  /// How many batches were read when this one was, itself included.
  let filledCount = Atomic<Int>(0)

  init(_ byteCount: Int) { content = Mutex(Content(byteCount)) }
}
