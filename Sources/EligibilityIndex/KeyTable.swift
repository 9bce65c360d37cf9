/// From the fingerprint of a secondary key to the records that may have it.
///
/// Each entry is 64 bits: the fingerprint above the slot; 0 is free. Open addressing, at most three
/// quarters full. Nothing is ever taken out: an entry may be stale, and two keys may share a
/// fingerprint, so whoever asks compares the records.
struct KeyTable: ~Copyable {
  var entries: [UInt64]
  var count = 0

  init(expectedCount: Int) {
    entries = Array(repeating: 0, count: Self.entryCount(for: expectedCount))
  }

  /// The places of a table that holds so many keys.
  static func entryCount(for expectedCount: Int) -> Int {
    var entryCount = 1024
    while entryCount * 3 < (expectedCount + 1) * 4 { entryCount *= 2 }
    return entryCount
  }

  var allocatedByteCount: Int { entries.count * MemoryLayout<UInt64>.stride }

  /// Adds a record under a fingerprint, unless it is there, or as many as are ever asked for are.
  ///
  /// A key that many share tells nothing of any of them, and must not make a long walk for all.
  mutating func insert(_ fingerprint: UInt32, _ slot: RecordSlot) {
    let entry = UInt64(fingerprint) << 32 | UInt64(slot.rawValue)
    var alikeCount = 0
    var place = firstPlace(of: fingerprint)
    while entries[place] != 0 {
      if entries[place] == entry { return }
      if entries[place] >> 32 == UInt64(fingerprint) { alikeCount += 1 }
      place = placeBehind(place)
    }
    guard alikeCount < KeyCandidates.countMax else { return }
    entries[place] = entry
    count += 1
    if count * 4 > entries.count * 3 { grow() }
  }

  /// The records under a fingerprint.
  func candidates(for fingerprint: UInt32) -> KeyCandidates {
    var candidates = KeyCandidates()
    var place = firstPlace(of: fingerprint)
    while entries[place] != 0 {
      if entries[place] >> 32 == UInt64(fingerprint) {
        candidates.append(RecordSlot(rawValue: UInt32(truncatingIfNeeded: entries[place])))
      }
      place = placeBehind(place)
    }
    return candidates
  }

  func firstPlace(of fingerprint: UInt32) -> Int { Int(fingerprint) & (entries.count - 1) }

  func placeBehind(_ place: Int) -> Int { (place + 1) & (entries.count - 1) }

  mutating func grow() {
    let old = entries
    entries = Array(repeating: 0, count: old.count * 2)
    for entry in old where entry != 0 {
      var place = firstPlace(of: UInt32(truncatingIfNeeded: entry >> 32))
      while entries[place] != 0 { place = placeBehind(place) }
      entries[place] = entry
    }
  }
}

/// Records that may have a secondary key: to be compared, for the key says so only in all
/// likelihood.
public struct KeyCandidates: Sendable, BitwiseCopyable {
  /// More are not kept under one key.
  public static let countMax = 8

  private var slots = InlineArray<8, RecordSlot>(repeating: .absent)
  public private(set) var count = 0

  public init() {}

  /// The record at a place from 0 to 7; `absent` behind the last.
  public subscript(place: Int) -> RecordSlot { slots[place] }

  mutating func append(_ slot: RecordSlot) {
    precondition(count < Self.countMax, "more records under a key than are kept")
    slots[count] = slot
    count += 1
  }
}

/// Makes the fingerprint of a secondary key from what it is made of.
///
/// Nobody outside knows the seed, so that keys cannot be chosen to collide.
public struct KeyHasher: Sendable, BitwiseCopyable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  public mutating func combine(_ word: UInt64) {
    state = (state ^ word) &* 0x9E37_79B9_7F4A_7C15
    state ^= state >> 32
  }

  public consuming func finish() -> UInt32 {
    combine(0xD6E8_FEB8_6659_FD93)
    return UInt32(truncatingIfNeeded: state >> 16)
  }
}
