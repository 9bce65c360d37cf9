import Installation
import TransactionModel
import WriteAheadLog

/// A log in figures: what it holds, and a line for each segment.
enum LogTable {
  static func text(of verification: LogVerification) -> String {
    let totals = verification.totals
    let geometry = verification.geometry
    var rows = [
      ("kind", "\(verification.kind)"),
      ("records", "\(totals.recordCount)"),
      ("batches", "\(totals.batchCount)"),
      ("records_per_batch", ratio(totals.recordCount, totals.batchCount)),
      ("bytes", "\(totals.byteCount)"),
      ("bytes_per_record", ratio(totals.byteCount, totals.recordCount)),
      ("segments", "\(verification.segments.count)"),
      ("snapshots", "\(verification.snapshots.count)"),
      ("segment_bytes", "\(geometry.segmentByteCount)"),
      ("batch_bytes_max", "\(geometry.batchByteCountMax)"),
      ("last_position", "\(verification.lastPosition.rawValue)"),
      ("newest_server_time", time(verification.newestServerTimeMilliseconds)),
      ("history", "\(verification.history.identity)"),
    ]
    if verification.history.parent != .none {
      rows.append(("parent_history", "\(verification.history.parent)"))
      rows.append(("parent_position", "\(verification.history.parentPosition.rawValue)"))
    }
    rows.append(("in_use", verification.isInUse ? "yes" : "no"))
    rows.append(("copy", verification.isCopy ? "yes" : "no"))
    let width = rows.map(\.0.count).max() ?? 0
    let figures = rows.map { "\(padded($0.0, width))  \($0.1)\n" }.joined()
    let snapshots = verification.snapshots.map { "\($0)\n" }.joined()
    return figures + segments(verification.segments) + (snapshots.isEmpty ? "" : "\n\(snapshots)")
  }

  private static func segments(_ segments: [LogSegmentSummary]) -> String {
    guard !segments.isEmpty else { return "" }
    let head = "\n\(padded("segment", 12))  \(padded("begun", 20))  \(padded("key", 8))  after\n"
    return head
      + segments.map { segment in
        "\(padded("\(segment.number)", 12))  \(padded(time(segment.createdMilliseconds), 20))  "
          + "\(padded(segment.key.map(\.description) ?? "none", 8))  "
          + "\(segment.basePosition.rawValue)\n"
      }.joined()
  }

  private static func time(_ milliseconds: UInt64) -> String {
    milliseconds == 0 ? "none" : Instant(milliseconds: milliseconds).rfc3339
  }

  /// One digit behind the point.
  private static func ratio(_ dividend: UInt64, _ divisor: UInt64) -> String {
    guard divisor > 0 else { return "0" }
    let tenths = (dividend * 10 + divisor / 2) / divisor
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
