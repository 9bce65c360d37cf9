import Installation
import TransactionModel
import WriteAheadLog

/// The log seen from outside: proven, and shown with personal data masked.
enum LogInspection {
  static func verify(_ directory: String) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      let verification = try LogInspector.verify(directory: directory) { totals in
        StandardStreams.writeError(
          "\(totals.segmentCount) segments, \(totals.recordCount) records\n")
      }
      StandardStreams.write(summary(verification))
    }
  }

  static func dump(_ directory: String, from position: UInt64, limit: Int) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      var remaining = limit
      let after = LogPosition(rawValue: position == 0 ? 0 : position - 1)
      _ = try LogInspector.stream(directory: directory, after: after) { record in
        guard remaining > 0 else { return }
        remaining -= 1
        StandardStreams.write(RecordLine.text(of: record) + "\n")
      }
    }
  }

  /// Sound, damaged, or an error that says why nothing could be looked at.
  private static func judged(
    _ directory: String, _ look: () throws(LogError) -> Void
  ) throws -> LogVerdict {
    do throws(LogError) {
      try look()
      return .sound
    } catch {
      guard case .damaged = error else { throw error }
      StandardStreams.writeError("\(directory): \(error)\n")
      return .damaged
    }
  }

  private static func summary(_ verification: LogVerification) -> String {
    let totals = verification.totals
    var lines = [
      "sound: \(totals.recordCount) records in \(totals.batchCount) batches of "
        + "\(totals.segmentCount) segments, \(totals.byteCount) bytes",
      "last position \(verification.lastPosition.rawValue) of history "
        + "\(verification.history.identity)",
      "head digest \(verification.headDigest)",
    ]
    if verification.isInUse { lines.append("in use: looked at up to what is durable") }
    if verification.unfinishedByteCount > 0 {
      lines.append("\(verification.unfinishedByteCount) bytes of an unfinished batch at the end")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
