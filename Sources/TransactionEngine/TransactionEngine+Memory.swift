import EligibilityIndex

/// Memory that is provided before the engine needs it.
extension TransactionEngine {
  /// What was added that takes memory of its own: records, keys and changes that may be reversed.
  private var addedCount: Int { index.count + index.keyCount + undoStore.end }

  /// Whether memory is to be provided ahead again; it says so once, until `memoryAhead` is asked.
  mutating func takeMemoryDue() -> Bool {
    guard let due = memoryDueCount, addedCount >= due else { return false }
    memoryDueCount = nil
    return true
  }

  /// The memory that will be needed soon.
  mutating func memoryAhead() -> MemoryAhead {
    memoryDueCount = addedCount + MemoryAhead.additionsBetween
    var memory = MemoryAhead()
    undoStore.addMemoryAhead(to: &memory)
    index.addMemoryAhead(to: &memory)
    return memory
  }
}
