import CLinux
public import TransactionModel

/// Where a record lies in the index; `absent` is the place of a record that no card has.
@frozen
public struct RecordSlot: Hashable, Sendable, BitwiseCopyable {
  @usableFromInline let rawValue: UInt32
  @inlinable init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Reading it gives a record that nothing has happened to, so that a look-up that finds nothing
  /// does the same work as one that does.
  @inlinable public static var absent: RecordSlot { RecordSlot(rawValue: 0) }
  @inlinable public var isAbsent: Bool { rawValue == 0 }
  /// Cards are numbered in the order in which they got their records, from 1.
  @inlinable public var ordinal: Int { Int(rawValue) }
}

/// What is known of every card, by its number.
///
/// Mechanism only: it knows no rule. Records lie in flat blocks that never move; a table of
/// fingerprints leads to them. Records are never removed: a record also says when its card was last
/// changed. Secondary keys, whatever they are made of, lead to records that may have them.
@safe
public struct EligibilityIndex: ~Copyable {
  @inlinable static var recordsPerBlock: Int { 65_536 }
  /// Slot numbers are 32 bits wide, and 0 is taken.
  public static let recordCountMax = Int(UInt32.max) - 1
  /// Secondary keys that room is made for at once, for each card that is expected.
  static let expectedKeysPerRecord = 3

  @usableFromInline var blocks = unsafe [UnsafeMutablePointer<EligibilityRecord>]()
  var cards: FingerprintTable
  var keys: FingerprintTable
  /// Records in use, the absent one not counted.
  public private(set) var count = 0
  let hashSeed: UInt64

  /// Makes an empty index with room for so many cards.
  ///
  /// Room made at once spares terminals the wait while the table grows. Nobody outside knows
  /// `hashSeed`, so that card numbers cannot be chosen to collide.
  public init(expectedCount: Int, hashSeed: UInt64) {
    cards = FingerprintTable(expectedCount: expectedCount)
    keys = FingerprintTable(expectedCount: expectedCount * Self.expectedKeysPerRecord)
    self.hashSeed = hashSeed
    appendBlock()
    let absent = EligibilityRecord(card: .blank)
    unsafe blocks[0].initialize(to: absent)
  }

  deinit {
    unsafe blocks.forEach { unsafe LargeMemory.deallocate($0, Self.recordsPerBlock) }
  }

  /// The record's place; `absent` for a card that was never written.
  public func find(_ card: CardNumber) -> RecordSlot {
    cards.first(under: fingerprint(of: card)) { slot in
      unsafe pointer(slot).pointee.card == card
    }
  }

  /// Looks up what leads to the records of cards that are asked for soon, and has the processor
  /// fetch the records.
  ///
  /// In a large index each look-up waits for memory twice; those of many cards wait together.
  public func foresee(_ numbers: Span<CardNumber>) {
    for place in numbers.indices { cards.prefetch(fingerprint(of: numbers[place])) }
    for place in numbers.indices {
      let slot = cards.first(under: fingerprint(of: numbers[place])) { _ in true }
      let start = unsafe UnsafeRawPointer(pointer(slot))
      let lineByteCount = 64
      for offset in stride(
        from: 0, to: MemoryLayout<EligibilityRecord>.stride, by: lineByteCount)
      {
        unsafe CLinux_prefetch(start + offset)
      }
    }
  }

  /// Has the processor fetch what leads to the records under a secondary key.
  public func foresee(key fingerprint: UInt32) { keys.prefetch(fingerprint) }

  /// The record at a place that `find` gave.
  @inlinable
  public subscript(slot: RecordSlot) -> EligibilityRecord {
    unsafeAddress { unsafe UnsafePointer(pointer(slot)) }
  }

  /// Writes a record in the place of its card, made when the card has none.
  ///
  /// - Precondition: the index holds fewer than `recordCountMax` records.
  @discardableResult
  public mutating func write(_ record: EligibilityRecord) -> RecordSlot {
    write(record, at: find(record.card))
  }

  /// Writes a record in the place that `find` has just given for its card.
  @discardableResult
  public mutating func write(_ record: EligibilityRecord, at found: RecordSlot) -> RecordSlot {
    if found.isAbsent { return add(record) }
    precondition(self[found].card == record.card, "a record in another card's place")
    unsafe pointer(found).pointee = record
    return found
  }

  /// Writes the record of a card that has none.
  @discardableResult
  mutating func add(_ record: EligibilityRecord) -> RecordSlot {
    precondition(cards.count == count, "appended records are not linked")
    unsafe placeToAdd().initialize(to: record)
    count += 1
    let slot = slot(at: count)
    link(slot)
    return slot
  }

  /// Adds the record that `make` makes of one without a card; nothing when it gives false.
  ///
  /// It is found by its card when `linkAppended` was called: one walk through all records leaves
  /// the processor waiting for memory far less than going back and forth does.
  ///
  /// - Precondition: the card has no record, which is not looked for; the index holds fewer than
  ///   `recordCountMax` records.
  public mutating func append(_ make: (inout EligibilityRecord) -> Bool) -> Bool {
    let place = unsafe placeToAdd()
    unsafe place.initialize(to: EligibilityRecord(card: .blank))
    guard unsafe make(&place.pointee) else { return false }
    count += 1
    return true
  }

  /// Lets all records be found by their cards.
  public mutating func linkAppended() {
    for ordinal in cards.count + 1..<count + 1 { link(slot(at: ordinal)) }
  }

  /// Where the next record goes, which holds nothing yet.
  private mutating func placeToAdd() -> UnsafeMutablePointer<EligibilityRecord> {
    precondition(count < Self.recordCountMax, "the index is full")
    let index = count + 1
    if unsafe blocks.count == index / Self.recordsPerBlock { appendBlock() }
    return unsafe blocks[index / Self.recordsPerBlock] + index % Self.recordsPerBlock
  }

  private mutating func link(_ slot: RecordSlot) {
    let card = unsafe pointer(slot).pointee.card
    precondition(!card.isBlank, "the blank number is no card")
    cards.append(fingerprint(of: card), slot)
  }

  /// What makes the fingerprints of secondary keys.
  public var keyHasher: KeyHasher { KeyHasher(seed: hashSeed) }

  /// Lets a record be found by a secondary key.
  public mutating func addKey(_ fingerprint: UInt32, for slot: RecordSlot) {
    keys.insert(fingerprint, slot)
  }

  /// The records that may have a secondary key.
  public func candidates(for fingerprint: UInt32) -> KeyCandidates {
    keys.candidates(for: fingerprint)
  }

  /// Entries that lead from secondary keys to records.
  public var keyCount: Int { keys.count }

  /// Bytes of the records in use, and of the tables whole; memory that is provided ahead of records
  /// is not counted.
  public var allocatedByteCount: Int {
    (count + 1) * MemoryLayout<EligibilityRecord>.stride + cards.allocatedByteCount
      + keys.allocatedByteCount
  }

  @inlinable
  func pointer(_ slot: RecordSlot) -> UnsafeMutablePointer<EligibilityRecord> {
    let index = Int(slot.rawValue)
    precondition(index <= count, "a slot of another index")
    return unsafe blocks[index / Self.recordsPerBlock] + index % Self.recordsPerBlock
  }

  mutating func appendBlock() {
    unsafe blocks.append(LargeMemory.allocate(Self.recordsPerBlock))
  }

  private func fingerprint(of card: CardNumber) -> UInt32 {
    var value = (card.high ^ hashSeed) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 32
    value = (value ^ card.low) &* 0xD6E8_FEB8_6659_FD93
    value ^= value >> 32
    return UInt32(truncatingIfNeeded: value &* 0xD6E8_FEB8_6659_FD93 ^ value >> 29)
  }
}
