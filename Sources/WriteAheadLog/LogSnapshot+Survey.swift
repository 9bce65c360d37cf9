import LinuxSystem
public import TransactionModel

/// What was found of one snapshot of a log.
public struct SnapshotSummary: Equatable, Sendable {
  public enum State: Equatable, Sendable {
    /// Whole, and the log has the place that it was taken at.
    case sound
    case damaged(LogDamage)
    /// Whole, and not of this log as it is.
    case notInLog
  }

  public let name: String
  public let position: LogPosition
  public let state: State
}

extension SnapshotSummary: CustomStringConvertible {
  public var description: String {
    switch state {
    case .sound: "\(name): sound, the log has position \(position.rawValue) as it was"
    case .damaged(let damage): "\(damage)"
    case .notInLog: "\(name): \(SnapshotMisfit.notInLog)"
    }
  }
}

/// The snapshots of a log's directory, proven by themselves, before the log is read.
struct SnapshotSurvey {
  private var found: [(name: String, outcome: Result<LogTail, LogDamageError>)] = []

  /// Reads every snapshot whole; what is encrypted is looked at where keys are given.
  init(_ storage: any LogStorage, keyring: LogKeyring? = nil) throws(LogError) {
    for name in try LogSnapshot.names(storage) {
      do throws(LogError) {
        let point =
          if let keyring {
            try LogSnapshot.read(storage, name, keyring: keyring) { _ in }
          } else {
            try LogSnapshot.prove(storage, name)
          }
        found.append((name, .success(point.tail)))
      } catch {
        guard case .damaged(let damage) = error else { throw error }
        found.append((name, .failure(LogDamageError(damage: damage))))
      }
    }
  }

  /// The places that a walk is to look for.
  var marks: [LogTail] { found.compactMap { try? $0.outcome.get() } }

  /// What became of each, newest first, once a walk has met what the log has of them.
  func summaries(met: [LogTail]) -> [SnapshotSummary] {
    found.map { name, outcome in
      let state: SnapshotSummary.State =
        switch outcome {
        case .success(let tail): met.contains(tail) ? .sound : .notInLog
        case .failure(let error): .damaged(error.damage)
        }
      return SnapshotSummary(
        name: name, position: LogSnapshot.position(of: name) ?? .zero, state: state)
    }
  }
}

/// A damage as an error of its own, for `Result`.
struct LogDamageError: Error {
  let damage: LogDamage
}

extension LogSnapshot {
  /// Copies a whole file under its name; durable when it returns.
  static func copy(
    _ name: String, from source: any LogStorage, to target: any LogStorage
  ) throws(LogError) {
    let stepByteCount = 1 << 20
    try attempt(name) { () throws(SystemError) in
      let file = try source.openFile(name, .readOnly)
      let copy = try target.createFile(LogFileName.temporarySnapshot)
      var buffer = FileBuffer(byteCount: stepByteCount)
      var offset = 0
      while true {
        let start = offset
        let count = try buffer.withOutput(in: 0..<stepByteCount) { output throws(SystemError) in
          try file.read(at: start, into: &output)
        }
        if count == 0 { break }
        try copy.write(buffer.bytes.extracting(first: count), at: offset)
        offset += count
      }
      try copy.synchronize()
      try target.rename(LogFileName.temporarySnapshot, to: name)
      try target.synchronizeNames()
    }
    _ = try prove(target, name)
  }
}
