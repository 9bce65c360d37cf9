extension EligibilityIndex {
  /// The place of a record by the order in which records were made, from 1 to `count`.
  public func slot(at ordinal: Int) -> RecordSlot {
    precondition((1...count).contains(ordinal), "no record was made as number \(ordinal)")
    return RecordSlot(rawValue: UInt32(ordinal))
  }
}
