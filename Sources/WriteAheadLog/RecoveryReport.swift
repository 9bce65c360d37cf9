public import TransactionModel

/// What a start found in the log and what it did about it.
public struct RecoveryReport: Equatable, Sendable {
  /// Bytes that stood behind the last whole batch, and where their copy is.
  public struct SetAside: Equatable, Sendable {
    public let segmentNumber: UInt64
    public let offset: Int
    public let byteCount: Int
    /// The copy; nil when there was no room for one, and the bytes were left where they are.
    public let fileName: String?
    /// Positions whose records they may have held: one unfinished commit, for all that the log
    /// tells; a last batch that went bad after its acknowledgement looks the same.
    public let firstPosition: LogPosition
    /// Nil when the bytes do not tell; below the first when the batch held no records.
    public let lastPosition: LogPosition?
  }

  public let totals: LogTotals
  /// The last durable position; the next record gets the one behind it.
  public let lastPosition: LogPosition
  public let newestServerTimeMilliseconds: UInt64
  public let history: LogHistory
  public let wasCleanStop: Bool
  /// Whether it was a copy, such as a backup, whose history this one goes on from.
  public let wasCopy: Bool
  public let setAside: SetAside?
  /// Whether the last segment could be read past the page cache.
  public let readsPastPageCache: Bool
  /// False when there was no room for a new segment: the log starts without taking changes.
  public let canAcceptChanges: Bool
  public let durationNanoseconds: UInt64
}

extension RecoveryReport: CustomStringConvertible {
  /// One line for each thing that an operator must know.
  public var description: String {
    let seconds = Double(durationNanoseconds) / 1e9
    let rate = Int((Double(totals.byteCount) / max(seconds, 1e-9) / 1e6).rounded())
    var lines = [
      "recovered records: \(totals.recordCount), batches: \(totals.batchCount), segments: "
        + "\(totals.segmentCount), bytes: \(totals.byteCount); up to position "
        + "\(lastPosition.rawValue) of history \(history.identity), in "
        + "\(Int((seconds * 1000).rounded())) ms" + (rate > 0 ? " (\(rate) MB/s)" : "")
    ]
    if wasCopy {
      lines.append(
        "it was a copy of history \(history.parent): it begins a history of its own at position "
          + "\(history.basePosition.next.rawValue)")
    } else if !wasCleanStop {
      lines.append("the log was not stopped cleanly")
    }
    if let setAside { lines.append("\(setAside)") }
    if !readsPastPageCache {
      lines.append("this file system cannot be read past the page cache; recovery trusted it")
    }
    if !canAcceptChanges { lines.append("no room for a new segment: changes are refused") }
    return lines.joined(separator: "\n")
  }
}

extension RecoveryReport.SetAside: CustomStringConvertible {
  public var description: String {
    let place = "\(byteCount) bytes at offset \(offset) of segment \(segmentNumber)"
    let copy = fileName.map { "copied to \($0)" } ?? "left in place for want of room"
    let positions: String
    switch lastPosition {
    case .none: positions = "possibly acknowledged: position \(firstPosition.rawValue) on"
    case .some(let last) where last < firstPosition: positions = "they held no record"
    case .some(let last):
      positions = "possibly acknowledged: positions \(firstPosition.rawValue) to \(last.rawValue)"
    }
    return "an unfinished batch was set aside: \(place), \(copy); \(positions)"
  }
}
