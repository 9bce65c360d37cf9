import Cryptography
import LinuxSystem
import Synchronization

/// Reads a snapshot ahead of whoever takes it in, on a thread of its own, and proves each batch.
///
/// So reading and digesting go on while records are opened and built up. What is handed over is
/// proven, and still hidden where the snapshot is encrypted.
final class SnapshotReader: Sendable {
  /// Batches that may wait to be taken in.
  private static let slotCount = 4

  private let file: any LogStorageFile
  private let byteCount: Int
  private let header: SegmentHeader
  private let slots: [SnapshotSlot]
  private let filledCount = Atomic<Int>(0)
  private let takenCount = Atomic<Int>(0)
  private let isCancelled = Atomic<Bool>(false)
  private let filled: Wakeup
  private let taken: Wakeup
  private let thread = OwnThread()

  /// Prepares to read what stands behind a file's header.
  init(_ file: any LogStorageFile, byteCount: Int, _ header: SegmentHeader) throws(SystemError) {
    self.file = file
    self.byteCount = byteCount
    self.header = header
    slots = (0..<Self.slotCount).map { _ in SnapshotSlot(header.geometry.batchByteCountMax) }
    filled = try Wakeup()
    taken = try Wakeup()
  }

  /// Gives every batch in order to `body`, the last one too, which has no records.
  func read(
    _ body: (inout FileBuffer, BatchHeader, _ offset: Int) throws(LogError) -> Void
  ) throws(LogError) {
    try attempt("thread") { () throws(SystemError) in
      try thread.start(name: "snapshot-read") { self.run() }
    }
    defer {
      isCancelled.store(true, ordering: .releasing)
      taken.wake()
      thread.join()
    }
    var waiter = try attempt("eventfd") { () throws(SystemError) in try Wakeup.Waiter(filled) }
    var count = 0
    while true {
      while filledCount.load(ordering: .acquiring) == count {
        _ = waiter.wait(timeoutMilliseconds: -1)
      }
      let isLast = try slots[count % Self.slotCount].content.withLock { slot throws(LogError) in
        let batch = try slot.outcome.get()
        try body(&slot.buffer, batch, slot.offset)
        return batch.recordCount == 0
      }
      if isLast { return }
      count += 1
      takenCount.store(count, ordering: .releasing)
      taken.wake()
    }
  }

  // MARK: The thread

  private func run() {
    guard var waiter = try? Wakeup.Waiter(taken) else {
      preconditionFailure("no descriptor is left for the thread that reads a snapshot")
    }
    var tail = LogTail(beginningOf: header)
    var computation = SHA256()
    var count = 0
    while true {
      while count - takenCount.load(ordering: .acquiring) == Self.slotCount {
        if isCancelled.load(ordering: .acquiring) { return }
        _ = waiter.wait(timeoutMilliseconds: -1)
      }
      let isLast = slots[count % Self.slotCount].content.withLock { slot in
        slot.offset = tail.endOffset
        do throws(LogError) {
          let batch = try fill(&slot.buffer, &tail, &computation)
          slot.outcome = .success(batch)
          return batch.recordCount == 0
        } catch {
          slot.outcome = .failure(error)
          return true
        }
      }
      count += 1
      filledCount.store(count, ordering: .releasing)
      filled.wake()
      if isLast { return }
    }
  }

  /// Reads the batch at the tail, proves it, and moves the tail behind it.
  ///
  /// Through the page cache: a snapshot has its name only when all of it was synced.
  private func fill(
    _ buffer: inout FileBuffer, _ tail: inout LogTail, _ computation: inout SHA256
  ) throws(LogError) -> BatchHeader {
    let name = LogSnapshot.name(of: header.predecessorLastPosition)
    let count: Int
    let offset = tail.endOffset
    let whole = 0..<buffer.byteCount
    do throws(SystemError) {
      count = try buffer.withOutput(in: whole) { [file] output throws(SystemError) in
        try file.read(at: offset, into: &output)
      }
    } catch {
      throw .system(error, file: name)
    }
    let bytes = buffer.bytes.extracting(first: count)
    do throws(BlockFault) {
      let batch = try BatchHeader(fieldsOf: bytes, at: 0, geometry: header.geometry)
      let extent = 0..<batch.extentByteCount
      guard extent.upperBound <= count else { throw .tooShort }
      guard let digest = SealedBlock.digest(ifIntact: bytes, in: extent, with: &computation) else {
        throw .digestMismatch
      }
      try batch.check(bytes, at: 0, of: header)
      try batch.check(following: tail)
      if batch.recordCount == 0 {
        guard batch.contentByteCount == 0, offset + extent.upperBound == byteCount else {
          throw .outOfOrder
        }
      }
      tail.advance(over: batch, digest: digest)
      return batch
    } catch {
      throw LogSnapshot.damage(name, offset, .batch(error))
    }
  }
}

/// One batch on its way from the thread that reads.
///
/// The mutex is held while a file is read or records are taken in, and nobody ever waits for it: the
/// counts of filled and taken slots say whose turn it is. It hands the content from one thread to
/// the other.
final class SnapshotSlot: Sendable {
  struct Content: ~Copyable {
    var buffer: FileBuffer
    var outcome = Result<BatchHeader, LogError>.failure(.nothingThere)
    /// Where the batch stands in the file.
    var offset = 0

    init(_ byteCount: Int) { buffer = FileBuffer(byteCount: byteCount) }
  }

  let content: Mutex<Content>

  init(_ byteCount: Int) { content = Mutex(Content(byteCount)) }
}
