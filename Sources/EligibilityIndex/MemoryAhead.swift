import CLinux

/// Memory of the index that is not in use yet, but soon will be.
///
/// The first touch of a page of 2 MiB takes milliseconds, and a new table has many; whoever waits for
/// the engine waits for it. So another thread touches it before, while the index is in use.
@safe
public struct MemoryAhead: @unchecked Sendable {
  /// Where each stretch starts, and its bytes.
  private var stretches = unsafe [(start: UnsafeMutableRawPointer, byteCount: Int)]()

  /// So much is populated with one call: as long the index waits for changes to its address space.
  private static var stepByteCount: Int { 2 << 20 }

  init() {}

  public var byteCount: Int { unsafe stretches.reduce(0) { unsafe $0 + $1.byteCount } }

  mutating func add<Element>(_ start: UnsafeMutablePointer<Element>, _ count: Int) {
    guard count > 0 else { return }
    unsafe stretches.append(
      (UnsafeMutableRawPointer(start), count * MemoryLayout<Element>.stride))
  }

  mutating func add<Element>(_ array: borrowing LargeArray<Element>) {
    unsafe add(array.base, array.count)
  }

  /// Has the system provide the memory; no content changes.
  ///
  /// The index may have given some of it back meanwhile: that is passed over.
  public func populate() {
    unsafe stretches.forEach { start, byteCount in
      for offset in stride(from: 0, to: byteCount, by: Self.stepByteCount) {
        unsafe CLinux_populate_memory(start + offset, min(Self.stepByteCount, byteCount - offset))
      }
    }
  }
}

extension EligibilityIndex {
  /// Records whose memory is provided ahead: some 8 MiB.
  static var recordsAhead: Int { 18_000 }
  /// Records after which it is looked at again.
  private static var recordsBetween: Int { 4_096 }

  /// Whether records were added since `memoryAhead` was asked for that make it worth asking again.
  public var isMemoryDue: Bool { count >= nextMemoryCount }

  /// The memory that the next records take, and the next tables where they are near.
  public mutating func memoryAhead() -> MemoryAhead {
    nextMemoryCount = count + Self.recordsBetween
    var memory = MemoryAhead()
    let first = count + 1
    let end = min(first + Self.recordsAhead, Self.recordCountMax)
    while unsafe blocks.count <= end / Self.recordsPerBlock { appendBlock() }
    for block in first / Self.recordsPerBlock...end / Self.recordsPerBlock {
      let start = max(first, block * Self.recordsPerBlock)
      let stop = min(end, (block + 1) * Self.recordsPerBlock)
      guard start < stop else { continue }
      unsafe memory.add(blocks[block] + start % Self.recordsPerBlock, stop - start)
    }
    cards.makeMemoryAhead(&memory)
    keys.makeMemoryAhead(&memory)
    return memory
  }
}
