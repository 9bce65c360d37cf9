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
/// Mechanism only: it knows no rule. Records lie in flat blocks that never move; an open-addressing
/// table of 32-bit slots, at most three quarters full, leads to them. Records are never removed: a
/// record also says when its card was last changed. Secondary keys, whatever they are made of, lead
/// to records that may have them.
@safe
public struct EligibilityIndex: ~Copyable {
  @inlinable static var recordsPerBlock: Int { 4096 }
  /// Slot numbers are 32 bits wide, and 0 is taken.
  public static let recordCountMax = Int(UInt32.max) - 1
  /// Secondary keys that room is made for at once, for each card that is expected.
  static let expectedKeysPerRecord = 3

  @usableFromInline var blocks = unsafe [UnsafeMutablePointer<EligibilityRecord>]()
  private var table: UnsafeMutablePointer<UInt32>
  private var tableMask: Int
  var keys: KeyTable
  /// Records in use, the absent one not counted.
  public private(set) var count = 0
  let hashSeed: UInt64

  /// Makes an empty index with room for so many cards.
  ///
  /// Room made at once spares terminals the wait while the table grows. Nobody outside knows
  /// `hashSeed`, so that card numbers cannot be chosen to collide.
  public init(expectedCount: Int, hashSeed: UInt64) {
    let tableCount = Self.tableCount(for: expectedCount)
    unsafe table = Self.allocateTable(tableCount)
    tableMask = tableCount - 1
    keys = KeyTable(expectedCount: expectedCount * Self.expectedKeysPerRecord)
    self.hashSeed = hashSeed
    appendBlock()
    let absent = EligibilityRecord(card: .blank)
    unsafe blocks[0].initialize(to: absent)
  }

  deinit {
    unsafe blocks.forEach { unsafe $0.deallocate() }
    unsafe table.deallocate()
  }

  /// The record's place; `absent` for a card that was never written.
  public func find(_ card: CardNumber) -> RecordSlot {
    var place = Int(truncatingIfNeeded: hash(card)) & tableMask
    while true {
      let raw = unsafe table[place]
      if raw == 0 { return .absent }
      let slot = RecordSlot(rawValue: raw)
      if unsafe pointer(slot).pointee.card == card { return slot }
      place = (place + 1) & tableMask
    }
  }

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
    let found = find(record.card)
    if !found.isAbsent {
      unsafe pointer(found).pointee = record
      return found
    }
    return add(record)
  }

  /// Writes the record of a card that has none.
  @discardableResult
  mutating func add(_ record: EligibilityRecord) -> RecordSlot {
    precondition(!record.card.isBlank, "the blank number is no card")
    precondition(count < Self.recordCountMax, "the index is full")
    if (count + 1) * 4 > (tableMask + 1) * 3 { growTable() }
    count += 1
    let slot = RecordSlot(rawValue: UInt32(count))
    if unsafe blocks.count == count / Self.recordsPerBlock { appendBlock() }
    unsafe pointer(slot).initialize(to: record)
    insert(slot, for: record.card)
    return slot
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

  /// Bytes held for records and tables.
  public var allocatedByteCount: Int {
    unsafe blocks.count * Self.recordsPerBlock * MemoryLayout<EligibilityRecord>.stride
      + (tableMask + 1) * MemoryLayout<UInt32>.stride + keys.allocatedByteCount
  }

  @inlinable
  func pointer(_ slot: RecordSlot) -> UnsafeMutablePointer<EligibilityRecord> {
    let index = Int(slot.rawValue)
    precondition(index <= count, "a slot of another index")
    return unsafe blocks[index / Self.recordsPerBlock] + index % Self.recordsPerBlock
  }

  private mutating func insert(_ slot: RecordSlot, for card: CardNumber) {
    var place = Int(truncatingIfNeeded: hash(card)) & tableMask
    while unsafe table[place] != 0 { place = (place + 1) & tableMask }
    unsafe table[place] = slot.rawValue
  }

  private mutating func growTable() {
    unsafe table.deallocate()
    let tableCount = (tableMask + 1) * 2
    unsafe table = Self.allocateTable(tableCount)
    tableMask = tableCount - 1
    for raw in 1..<(count + 1) {
      let slot = RecordSlot(rawValue: UInt32(raw))
      let card = unsafe pointer(slot).pointee.card
      insert(slot, for: card)
    }
  }

  private mutating func appendBlock() {
    unsafe blocks.append(.allocate(capacity: Self.recordsPerBlock))
  }

  private func hash(_ card: CardNumber) -> UInt64 {
    var value = (card.high ^ hashSeed) &* 0x9E37_79B9_7F4A_7C15
    value ^= value >> 32
    value = (value ^ card.low) &* 0xD6E8_FEB8_6659_FD93
    value ^= value >> 32
    return value &* 0xD6E8_FEB8_6659_FD93 ^ value >> 29
  }

  private static func tableCount(for recordCount: Int) -> Int {
    var tableCount = 1024
    while tableCount * 3 < (recordCount + 1) * 4 { tableCount *= 2 }
    return tableCount
  }

  private static func allocateTable(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: count)
    unsafe table.initialize(repeating: 0, count: count)
    return unsafe table
  }
}
