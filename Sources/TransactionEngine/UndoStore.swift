import EligibilityIndex
import TransactionModel

/// The records as they were before recent changes: what a reversal restores.
///
/// At most one for each card, that of its latest change, as long as nothing else was journalled of
/// the card. Bounded by count and by age; what leaves can no longer be reversed, and everything
/// that is older neither. Rebuilt by replay, to the same content, because it looks at nothing but
/// what the log holds.
struct UndoStore: ~Copyable {
  struct Entry: BitwiseCopyable {
    /// The card's place in the index.
    var ordinal: Int
    var position: LogPosition
    var serverTime: Instant
    /// Whether the card had a record; if so, it is in the same place of `images`.
    var hasImage: Bool
  }

  let countMax: Int
  private let ageMillisecondsMax: UInt64
  /// A ring: the entry of sequence number n is at n modulo `countMax`.
  var entries: LargeArray<Entry>
  /// The records before the changes, apart: to see which changes are old, no record is looked at,
  /// and while nothing but first changes of cards comes it takes no memory.
  var images: LargeArray<EligibilityRecord>
  /// Sequence number of the oldest entry, and of the next one.
  var start = 0
  var end = 0
  /// For each place of the index one more than the sequence number of its entry, which may have
  /// been dropped since; 0 for none.
  var sequences = PlaceNumbers()
  /// The sequence number behind that of the newest entry with an image.
  private var imagesEnd = 0
  /// Changes up to this position can no longer be reversed.
  var droppedThrough = LogPosition.zero

  init(countMax: Int, ageMillisecondsMax: UInt64) {
    precondition(countMax > 0, "room for one change at least")
    self.countMax = countMax
    self.ageMillisecondsMax = ageMillisecondsMax
    entries = LargeArray(count: countMax)
    images = LargeArray(count: countMax)
  }

  /// The record of a card as it was before the change at a position; `nil` when that cannot be
  /// restored.
  func record(
    of card: CardNumber, before position: LogPosition, at ordinal: Int
  ) -> EligibilityRecord? {
    guard sequences[ordinal] > start else { return nil }
    let place = (sequences[ordinal] - 1) % countMax
    guard entries[place].position == position else { return nil }
    return entries[place].hasImage ? images[place] : EligibilityRecord(card: card)
  }

  /// Keeps a card's record as it is before a change that is about to be written in its place of the
  /// index, which a card without one is still to get.
  mutating func insert(
    _ found: RecordSlot, of index: borrowing EligibilityIndex, at ordinal: Int,
    position: LogPosition, serverTime: Instant
  ) {
    let place = add(
      Entry(
        ordinal: ordinal, position: position, serverTime: serverTime, hasImage: !found.isAbsent))
    if !found.isAbsent { images[place] = index[found] }
  }

  /// Keeps the record as it was before a change of a card; `nil` is a card without one.
  mutating func insert(
    _ before: EligibilityRecord?, at ordinal: Int, position: LogPosition, serverTime: Instant
  ) {
    let place = add(
      Entry(
        ordinal: ordinal, position: position, serverTime: serverTime, hasImage: before != nil))
    if let before { images[place] = before }
  }

  /// Adds an entry, and gives its place.
  private mutating func add(_ entry: Entry) -> Int {
    dropOlder(than: entry.serverTime)
    if end - start == countMax { dropOldest() }
    let place = end % countMax
    entries[place] = entry
    end += 1
    if entry.hasImage { imagesEnd = end }
    sequences[entry.ordinal] = end
    return place
  }

  /// Gives up what is kept of a card: something else was journalled of it.
  mutating func forget(_ ordinal: Int) { sequences[ordinal] = 0 }

  /// Adds the memory of the next places of the ring; that for images only where some were kept of
  /// late.
  func addMemoryAhead(to memory: inout MemoryAhead) {
    let keepsImages = imagesEnd > 0 && imagesEnd + MemoryAhead.recordCount > end
    let first = end % countMax
    let count = min(MemoryAhead.recordCount, countMax)
    for places in [first..<min(first + count, countMax), 0..<max(0, first + count - countMax)] {
      memory.add(entries, places)
      if keepsImages { memory.add(images, places) }
    }
  }

  private mutating func dropOlder(than now: Instant) {
    let oldest = now.milliseconds - min(now.milliseconds, ageMillisecondsMax)
    while start < end, entries[start % countMax].serverTime.milliseconds < oldest { dropOldest() }
  }

  private mutating func dropOldest() {
    droppedThrough = max(droppedThrough, entries[start % countMax].position)
    start += 1
  }
}
