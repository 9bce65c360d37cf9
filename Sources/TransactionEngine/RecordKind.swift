/// What a record of the state log holds (LOG_FORMAT.md, "Record kinds").
public enum RecordKind: UInt16, Sendable, CaseIterable {
  /// A decision on a request, with what it changed and what was answered.
  case transaction = 1
  case site = 2
  case terminal = 3
  case `operator` = 4
  case cardRange = 5
  /// What tells the key of confirmation numbers from another: the image of 0, which is no position.
  case confirmationKey = 6
}
