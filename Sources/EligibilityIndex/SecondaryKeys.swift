/// Which records have a secondary key, as a table leads to them.
extension FingerprintTable {
  /// Adds a record under a key, unless it is there, or as many as are ever asked for are.
  ///
  /// A key that many share tells nothing of any of them, and must not make a long walk for all.
  mutating func insert(_ fingerprint: UInt32, _ slot: RecordSlot) {
    var alikeCount = 0
    let found = first(under: fingerprint) { other in
      alikeCount += 1
      return other == slot
    }
    guard found.isAbsent, alikeCount < KeyCandidates.countMax else { return }
    append(fingerprint, slot)
  }

  /// The records under a key.
  func candidates(for fingerprint: UInt32) -> KeyCandidates {
    var candidates = KeyCandidates()
    _ = first(under: fingerprint) { slot in
      candidates.append(slot)
      return false
    }
    return candidates
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
