import CLinux
import TransactionModel

/// Memory that is not in use yet, but soon will be.
///
/// The first touch of a page of 2 MiB takes milliseconds, and a new table has many; whoever waits
/// for the engine waits for it. So another thread has them provided before, while all is in use.
///
/// What was provided stays resident, needed or not: some 8 MiB for the next records; the tables,
/// which are as large as the expected count of cards asks for, and beside one that is nearly full
/// the next, twice its size; where changes come that may be reversed, some 8 MiB for the next.
///
/// Sent to another thread although it points into memory that the engine goes on using, and may
/// give back meanwhile: providing changes no content, so that nothing is written that anybody
/// reads. A stretch that was given back ends it, after the pages before; one whose addresses were
/// mapped again meanwhile has pages provided to the new owner, a little early. All that this
/// process maps and writes to is private to it, so that nobody else sees pages of it written.
@safe
public struct MemoryAhead: @unchecked Sendable {
  /// So many records are provided ahead: some 8 MiB.
  public static let recordCount = 18_000
  /// So many records, keys and reversible changes are added before it is looked for again.
  public static let additionsBetween = 8_192

  /// Where each stretch starts, and its bytes.
  private var stretches = unsafe [(start: UnsafeMutableRawPointer, byteCount: Int)]()

  public init() {}

  public var byteCount: Int { unsafe stretches.reduce(0) { unsafe $0 + $1.byteCount } }

  mutating func add<Element>(_ start: UnsafeMutablePointer<Element>, _ count: Int) {
    guard count > 0 else { return }
    unsafe stretches.append(
      (UnsafeMutableRawPointer(start), count * MemoryLayout<Element>.stride))
  }

  /// Adds some places of an array; those that have been touched already cost next to nothing.
  public mutating func add<Element>(_ array: borrowing LargeArray<Element>, _ places: Range<Int>) {
    precondition(places.lowerBound >= 0 && places.upperBound <= array.count, "places outside")
    unsafe add(array.base + places.lowerBound, places.count)
  }

  mutating func add<Element>(_ array: borrowing LargeArray<Element>) { add(array, 0..<array.count) }

  /// Has the system provide the memory, as long as it is wanted; no content changes.
  ///
  /// A page of 2 MiB at a time: as long others wait who change the address space, or stop it.
  ///
  /// Gives the number of the error that ended it, or 0: EINVAL where the kernel is older than 5.14,
  /// ENOMEM where memory is short or was given back meanwhile. All goes on without it.
  @discardableResult
  public func populate(while isWanted: () -> Bool = { true }) -> Int32 {
    let step = LargeMemory.hugePageByteCount
    for index in unsafe stretches.indices {
      let (start, byteCount) = unsafe stretches[index]
      for offset in stride(from: 0, to: byteCount, by: step) {
        guard isWanted() else { return 0 }
        let errorNumber = unsafe CLinux_populate_memory(
          start + offset, min(step, byteCount - offset))
        guard errorNumber == 0 else { return errorNumber }
      }
    }
    return 0
  }
}

extension EligibilityIndex {
  /// Adds the memory that the next records take, and that of the tables.
  public mutating func addMemoryAhead(to memory: inout MemoryAhead) {
    let first = count + 1
    let end = min(first + MemoryAhead.recordCount, Self.recordCountMax)
    while unsafe blocks.count * Self.recordsPerBlock < end {
      guard
        let block: UnsafeMutablePointer<EligibilityRecord> =
          unsafe LargeMemory.allocate(ifAvailable: Self.recordsPerBlock)
      else { break }
      unsafe blocks.append(block)
    }
    for block in unsafe first / Self.recordsPerBlock..<blocks.count {
      let start = max(first, block * Self.recordsPerBlock)
      let stop = min(end, (block + 1) * Self.recordsPerBlock)
      unsafe memory.add(blocks[block] + start % Self.recordsPerBlock, max(0, stop - start))
    }
    cards.addMemoryAhead(to: &memory)
    keys.addMemoryAhead(to: &memory)
  }
}
