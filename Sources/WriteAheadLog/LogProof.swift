import Cryptography
public import TransactionModel

/// What a walk looks for: a head that was noted, or the batch that holds a position.
package struct LogWatch: Sendable {
  let history: HistoryIdentity?
  let position: LogPosition
  let digest: SHA256Digest?

  /// The batch that holds the position or ends in the head.
  private(set) var place: LogPlace?
  /// Whether the log has the position, in that history.
  private(set) var hasPosition = false
  /// The last position of that history, if the log has anything of it.
  private(set) var lastPosition: LogPosition?

  init(_ head: LogHead) {
    history = head.history
    position = head.position
    digest = head.digest
  }

  init(_ position: LogPosition) {
    history = nil
    self.position = position
    digest = nil
  }

  /// Looks at the end of a batch, or of a segment's header where there are no positions.
  mutating func meet(
    _ tail: LogTail, at offset: Int, positions: (first: LogPosition, last: LogPosition)?
  ) {
    guard history == nil || tail.history.identity == history else { return }
    lastPosition = tail.lastPosition
    let isThere: Bool
    if let digest {
      if tail.lastPosition == position { hasPosition = true }
      isThere = tail.digest == digest && tail.lastPosition == position
    } else if let positions {
      isThere = positions.first <= position && position <= positions.last
    } else {
      isThere = false
    }
    guard isThere, place == nil else { return }
    hasPosition = true
    place = LogPlace(
      segmentNumber: tail.segmentNumber, offset: offset,
      firstPosition: positions?.first ?? tail.lastPosition.next, lastPosition: tail.lastPosition,
      head: LogHead(tail))
  }
}

/// Where a batch is, and the head of the chain behind it.
public struct LogPlace: Equatable, Sendable {
  public let segmentNumber: UInt64
  public let offset: Int
  public let firstPosition: LogPosition
  /// Below the first when the batch holds no record.
  public let lastPosition: LogPosition
  public let head: LogHead
}

/// What a log says to a head that was noted earlier, or to a position.
public enum LogProof: Sendable {
  /// It is in the chain, at this place, and all behind it was proven too.
  case confirmed(LogPlace)
  /// At this position of this history stands something else: the log was changed.
  case changed
  /// The log ends before it, in this history: what was noted is gone.
  case goneSince(lastPosition: LogPosition)
  /// The log has nothing of this history.
  case otherLog
  /// The segments that would tell were removed; a backup may still have them.
  case beforeStart(firstPosition: LogPosition)
}

extension LogInspector {
  /// Proves the whole log and says whether it holds what it held when a head was noted.
  public static func prove(
    directory path: String, _ head: LogHead, progress: (LogTotals) -> Void = { _ in }
  ) throws(LogError) -> (proof: LogProof, verification: LogVerification) {
    try prove(try storage(path), LogWatch(head), progress: progress)
  }

  /// Proves the whole log and says which batch holds a position.
  public static func prove(
    directory path: String, _ position: LogPosition, progress: (LogTotals) -> Void = { _ in }
  ) throws(LogError) -> (proof: LogProof, verification: LogVerification) {
    try prove(try storage(path), LogWatch(position), progress: progress)
  }

  package static func prove(
    _ storage: any LogStorage, _ watch: LogWatch, progress: (LogTotals) -> Void = { _ in }
  ) throws(LogError) -> (proof: LogProof, verification: LogVerification) {
    let verification = try verify(storage, watch: watch, progress: progress)
    guard let watch = verification.watch else { preconditionFailure("the watch was lost") }
    // Only where segments were removed is there anything that the log cannot tell.
    let removed = verification.segments.first.flatMap { $0.number > 1 ? $0.basePosition : nil }
    let proof: LogProof =
      if let place = watch.place {
        .confirmed(place)
      } else if let removed, watch.position <= removed {
        .beforeStart(firstPosition: removed.next)
      } else if watch.hasPosition {
        .changed
      } else if let last = watch.lastPosition {
        // A position within a batch was never a head of this log.
        last < watch.position ? .goneSince(lastPosition: last) : .changed
      } else {
        .otherLog
      }
    return (proof, verification)
  }
}

/// What a segment's header says.
public struct LogSegmentSummary: Equatable, Sendable {
  public let number: UInt64
  public let createdMilliseconds: UInt64
  public let history: LogHistory
  /// The position before its first.
  public let basePosition: LogPosition
  /// The key it is encrypted with; nil in the clear.
  public let key: LogKeyName?

  init(_ header: SegmentHeader) {
    number = header.number
    createdMilliseconds = header.createdMilliseconds
    history = header.history
    basePosition = header.basePosition
    key = header.cipher == .none ? nil : LogKeyName(identifier: header.keyIdentifier)
  }
}
