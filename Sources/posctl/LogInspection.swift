import Installation
import LinuxSystem
import TransactionModel
import WriteAheadLog

/// The log seen from outside: proven, and shown with personal data masked.
enum LogInspection {
  static func verify(_ directory: String, _ keyring: LogKeyring?) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      let verification = try LogInspector.verify(
        directory: directory, keyring: keyring, after: try start(directory),
        progress: LogProgress("verifying").show)
      StandardStreams.write(summary(verification))
      let isDamaged = verification.snapshots.contains { $0.state != .sound }
      return isDamaged ? .damaged : .sound
    }
  }

  static func dump(
    _ directory: String, _ keyring: LogKeyring, from position: UInt64, limit: Int
  ) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      let after = LogPosition(rawValue: position == 0 ? 0 : position - 1)
      do throws(LogError) {
        return try dumpSound(directory, keyring, after: after, limit: limit)
      } catch {
        // Nothing was shown: it is proven before.
        switch error {
        case .damaged, .startsTooLate, .noLog:
          try? dumpWhole(directory, keyring, after: after, limit: limit)
        default: break
        }
        throw error
      }
    }
  }

  /// What is whole of a damaged log.
  private static func dumpWhole(
    _ directory: String, _ keyring: LogKeyring, after: LogPosition, limit: Int
  ) throws(LogError) {
    var remaining = limit
    try LogInspector.streamWhole(directory: directory, keyring: keyring, after: after) {
      guard remaining > 0 else { return }
      remaining -= 1
      StandardStreams.write($0 == .audit ? AuditDump.line($1) : RecordLine.text(of: $1) + "\n")
    }
  }

  private static func dumpSound(
    _ directory: String, _ keyring: LogKeyring, after: LogPosition, limit: Int
  ) throws(LogError) -> LogVerdict {
    if try LogInspector.kind(directory: directory) == .audit {
      try AuditDump.write(directory, keyring, after: after, limit: limit)
      return .sound
    }
    var remaining = limit
    let verification = try LogInspector.stream(
      directory: directory, keyring: keyring, after: after
    ) { record in
      guard remaining > 0 else { return }
      remaining -= 1
      StandardStreams.write(RecordLine.text(of: record) + "\n")
    }
    if let removed = verification.removedThrough, after < removed {
      StandardStreams.writeError(beginning(verification, removed) + "\n")
    }
    return .sound
  }

  /// Prints the head of the chain: a line to note down where nobody who keeps the log can reach it.
  static func head(_ directory: String, _ keyring: LogKeyring) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      let verification = try LogInspector.verify(
        directory: directory, after: try start(directory),
        progress: LogProgress("verifying").show)
      let signed = try SignedLogHead(verification.head, keyring: keyring)
      StandardStreams.write((signed.map(\.description) ?? "\(verification.head)") + "\n")
      return .sound
    }
  }

  /// Says whether the log still holds what it held when the head was noted.
  static func prove(_ directory: String, _ head: LogHead) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      let (proof, verification) = try LogInspector.prove(
        directory: directory, head, progress: LogProgress("proving").show)
      return report(proof, verification, "the head at position \(head.position.rawValue)")
    }
  }

  /// Says which batch holds a position, and the head that proves it.
  static func prove(_ directory: String, _ position: UInt64) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      let (proof, verification) = try LogInspector.prove(
        directory: directory, LogPosition(rawValue: position),
        progress: LogProgress("proving").show)
      return report(proof, verification, "position \(position)")
    }
  }

  static func stat(_ directory: String) throws -> LogVerdict {
    try judged(directory) { () throws(LogError) in
      let verification = try LogInspector.verify(
        directory: directory, after: try start(directory), progress: LogProgress("reading").show)
      StandardStreams.write(LogTable.text(of: verification))
      return .sound
    }
  }

  /// Where a log has to begin at the latest: the oldest segments of an audit log go by their age.
  private static func start(_ directory: String) throws(LogError) -> LogPosition {
    try LogInspector.kind(directory: directory) == .audit ? LogPosition(rawValue: .max) : .zero
  }

  /// Sound, damaged, or an error that says why nothing could be looked at.
  static func judged(
    _ directory: String, _ look: () throws(LogError) -> LogVerdict
  ) throws -> LogVerdict {
    do throws(LogError) {
      return try look()
    } catch {
      guard case .damaged = error else { throw LogFailure(directory: directory, error: error) }
      StandardStreams.writeError("\(directory): \(error)\n")
      return .damaged
    }
  }

  static func report(
    _ proof: LogProof, _ verification: LogVerification, _ what: String
  ) -> LogVerdict {
    switch proof {
    case .confirmed(let place):
      StandardStreams.write(
        """
        confirmed: \(what) is in segment \(place.segmentNumber) at offset \(place.offset), in \
        \(batch(place))
        that batch ends in  \(place.head)
        the log ends in     \(verification.head)

        """)
      return .sound
    case .changed:
      return refute("\(what): something else stands there: the log was changed since")
    case .goneSince(let last):
      return refute(
        "\(what): the log ends at position \(last.rawValue) of that history: what followed is gone")
    case .otherLog:
      return refute("\(what): the log has nothing of that history: it is another log")
    case .beforeStart(let first):
      StandardStreams.writeError(
        "\(what): cannot be told: the log begins at position \(first.rawValue)\n")
      return .unseen
    }
  }

  private static func batch(_ place: LogPlace) -> String {
    place.lastPosition < place.firstPosition
      ? "a mark without records"
      : "the batch of positions \(place.firstPosition.rawValue) to \(place.lastPosition.rawValue)"
  }

  static func refute(_ text: String) -> LogVerdict {
    StandardStreams.writeError("REFUTED: \(text)\n")
    return .damaged
  }

  /// Where a log begins whose first segments were removed, and what stands for them.
  private static func beginning(
    _ verification: LogVerification, _ removed: LogPosition
  ) -> String {
    let number = verification.segments.first?.number ?? 0
    let snapshot = verification.snapshots.last { $0.state == .sound }?.name ?? "no snapshot"
    return "the log begins at segment \(number), position \(removed.rawValue + 1); "
      + "\(snapshot) stands for what was before"
  }

  private static func summary(_ verification: LogVerification) -> String {
    let totals = verification.totals
    var lines = [
      "sound: \(verification.kind) log, \(totals.recordCount) records in "
        + "\(totals.batchCount) batches of "
        + "\(totals.segmentCount) segments, \(totals.byteCount) bytes",
      "last position \(verification.lastPosition.rawValue) of history "
        + "\(verification.history.identity)",
      "\(verification.head)",
    ]
    if let removed = verification.removedThrough {
      lines.append(beginning(verification, removed))
    }
    lines += verification.snapshots.map { "\($0)" }
    if !verification.hasReadRecords {
      lines.append("the records are encrypted and were not looked at: give --keys")
    }
    if verification.isCopy { lines.append("a copy: served, it begins a history of its own") }
    if verification.isInUse { lines.append("in use: looked at up to what is durable") }
    if verification.unfinishedByteCount > 0 {
      lines.append("\(verification.unfinishedByteCount) bytes of an unfinished batch at the end")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Why nothing could be looked at, and where.
struct LogFailure: Error, CustomStringConvertible {
  let directory: String
  let error: LogError

  var description: String { "\(directory): \(error)" }
}

/// How far long work has come, on standard error, at most once a second.
final class LogProgress {
  private static let intervalMilliseconds: UInt64 = 1_000

  private let verb: String
  private var next = MonotonicClock.nowMilliseconds + intervalMilliseconds

  init(_ verb: String) { self.verb = verb }

  func show(_ totals: LogTotals) {
    show("\(totals.segmentCount) segments, \(totals.recordCount) records")
  }

  func show(segmentNumber: UInt64) { show("segment \(segmentNumber)") }

  private func show(_ text: String) {
    let now = MonotonicClock.nowMilliseconds
    guard now >= next else { return }
    next = now + Self.intervalMilliseconds
    StandardStreams.writeError("\(verb): \(text)\n")
  }
}
