/// From 32-bit fingerprints to the records that may be meant.
///
/// Each entry is 64 bits: the fingerprint above the slot; 0 is free. Open addressing, at most three
/// quarters full. Nothing is ever taken out, and two things may share a fingerprint, so whoever
/// asks compares the records; a record with another fingerprint is not looked at.
///
/// A table that is full enough is followed by one of twice its size, into which it moves a few
/// places with each entry that is added: nobody ever waits for a whole table.
struct FingerprintTable: ~Copyable {
  /// Places of the former table that are moved with each new entry; two would be enough.
  private static let placesMovedAtOnce = 8

  private var entries: LargeArray<UInt64>
  /// The table before this one, as long as not all of it has been moved; else without places.
  private var former = LargeArray<UInt64>(count: 0)
  private var movedCount = 0
  /// The table after this one, when it is near: its memory is touched before it is needed.
  private var next = LargeArray<UInt64>(count: 0)
  private(set) var count = 0

  init(expectedCount: Int) {
    entries = LargeArray(count: Self.entryCount(for: expectedCount))
  }

  /// The places of a table that holds so many entries.
  static func entryCount(for expectedCount: Int) -> Int {
    var entryCount = 1024
    while entryCount * 3 < (expectedCount + 1) * 4 { entryCount *= 2 }
    return entryCount
  }

  var allocatedByteCount: Int {
    (entries.count + former.count + next.count) * MemoryLayout<UInt64>.stride
  }

  /// The first record under a fingerprint that `isMeant` says is meant; `absent` when none is.
  @inline(__always)
  func first(
    under fingerprint: UInt32, where isMeant: (RecordSlot) -> Bool
  ) -> RecordSlot {
    var place = Int(fingerprint) & (entries.count - 1)
    while entries[place] != 0 {
      let slot = RecordSlot(rawValue: UInt32(truncatingIfNeeded: entries[place]))
      if entries[place] >> 32 == UInt64(fingerprint), isMeant(slot) { return slot }
      place = (place + 1) & (entries.count - 1)
    }
    guard former.count > 0 else { return .absent }
    place = Int(fingerprint) & (former.count - 1)
    while former[place] != 0 {
      let slot = RecordSlot(rawValue: UInt32(truncatingIfNeeded: former[place]))
      if place >= movedCount, former[place] >> 32 == UInt64(fingerprint), isMeant(slot) {
        return slot
      }
      place = (place + 1) & (former.count - 1)
    }
    return .absent
  }

  /// Has the processor fetch the place where a look-up begins.
  func prefetch(_ fingerprint: UInt32) {
    entries.prefetch(Int(fingerprint) & (entries.count - 1))
  }

  /// Adds an entry that is not there.
  mutating func append(_ fingerprint: UInt32, _ slot: RecordSlot) {
    append(UInt64(fingerprint) << 32 | UInt64(slot.rawValue))
  }

  /// Adds an entry that is not there, as `forEach` shows it.
  mutating func append(_ entry: UInt64) {
    if (count + 1) * 4 > entries.count * 3 { grow() }
    put(entry)
    count += 1
    if former.count > 0 { move(Self.placesMovedAtOnce) }
  }

  /// Makes room for so many entries at once.
  mutating func reserve(_ expectedCount: Int) {
    precondition(count == 0, "room is made in an empty table")
    let entryCount = Self.entryCount(for: expectedCount)
    if entryCount > entries.count { entries = LargeArray(count: entryCount) }
  }

  /// Shows every entry, in no order that means anything.
  func forEach(_ body: (UInt64) -> Void) {
    for place in 0..<entries.count where entries[place] != 0 { body(entries[place]) }
    for place in movedCount..<max(movedCount, former.count) where former[place] != 0 {
      body(former[place])
    }
  }

  private mutating func put(_ entry: UInt64) {
    var place = Int(entry >> 32) & (entries.count - 1)
    while entries[place] != 0 { place = (place + 1) & (entries.count - 1) }
    entries[place] = entry
  }

  private mutating func grow() {
    move(former.count - movedCount)
    var larger = LargeArray<UInt64>(count: 0)
    swap(&next, &larger)
    if larger.count == 0 { larger = LargeArray(count: entries.count * 2) }
    precondition(larger.count == entries.count * 2, "the next table is of another size")
    swap(&entries, &larger)
    former = larger
    movedCount = 0
  }

  /// Adds the memory of the next table, which is made where this one has little left, and of this
  /// one; what has been touched already costs next to nothing.
  ///
  /// Little is what is added while somebody looks several times, and more in a large table, because
  /// providing the next takes its time. A small one's next is touched too soon to be worth it.
  mutating func addMemoryAhead(to memory: inout MemoryAhead) {
    let nextCount = entries.count * 2
    let isLarge = nextCount * MemoryLayout<UInt64>.stride >= LargeMemory.hugePageByteCount
    let left = entries.count / 4 * 3 - count
    if next.count == 0, isLarge,
      left <= max(entries.count / 32, MemoryAhead.additionsBetween * 4),
      let larger = LargeArray<UInt64>(ifAvailable: nextCount)
    {
      next = larger
    }
    memory.add(next)
    memory.add(entries)
  }

  private mutating func move(_ placeCount: Int) {
    let end = min(movedCount + placeCount, former.count)
    while movedCount < end {
      if former[movedCount] != 0 { put(former[movedCount]) }
      movedCount += 1
    }
    guard former.count > 0, movedCount == former.count else { return }
    former = LargeArray(count: 0)
    movedCount = 0
  }
}
