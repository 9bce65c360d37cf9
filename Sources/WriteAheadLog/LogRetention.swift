import Cryptography
import LinuxSystem
import TransactionModel

/// What of a log is kept: so many snapshots, and segments for so long.
///
/// A segment goes only when the oldest kept snapshot stands for it and the time is over, the oldest
/// first, each removal durable before the next: whatever ends the process, the rest has no gap.
public struct LogRetention: Sendable {
  public static let snapshotCountMin = 2

  /// Snapshots that are kept, at least two: one may turn out to be damaged.
  public let snapshotCount: Int
  /// For how long segments are kept, by the log's own time; nil for ever.
  public let milliseconds: UInt64?

  public init(snapshotCount: Int, milliseconds: UInt64?) {
    precondition(snapshotCount >= Self.snapshotCountMin, "one snapshot may be damaged")
    self.snapshotCount = snapshotCount
    self.milliseconds = milliseconds
  }

  /// What was removed.
  public struct Removal: Equatable, Sendable {
    public var snapshots: [String] = []
    public var segments: [UInt64] = []
    /// Snapshots whose headers are damaged: they stand for nothing, and older ones count instead.
    public var damaged: [LogDamage] = []

    public init() {}

    public mutating func add(_ other: Removal) {
      snapshots += other.snapshots
      segments += other.segments
      damaged += other.damaged.filter { !damaged.contains($0) }
    }
  }

  /// Removes what need not be kept any more; `unusable` are snapshots that stand for nothing.
  ///
  /// Only whoever makes snapshots may do this, under the claim for it.
  public func apply(
    directory path: String, unusable: Set<String> = []
  ) throws(LogError) -> Removal {
    try apply(try LogInspector.storage(path), unusable: unusable)
  }

  package func apply(
    _ storage: any LogStorage, unusable: Set<String> = []
  ) throws(LogError) -> Removal {
    var removal = Removal()
    let names = try LogSnapshot.names(storage)
    var kept: [(name: String, point: LogPoint)] = []
    for name in names where kept.count < snapshotCount && !unusable.contains(name) {
      do throws(LogError) {
        kept.append((name, try LogSnapshot.point(storage, name)))
      } catch {
        guard case .damaged(let damage) = error else { throw error }
        removal.damaged.append(damage)
      }
    }
    guard kept.count == snapshotCount, let oldest = kept.last else { return removal }
    for name in names where name < oldest.name {
      try storage.removeDurably(name)
      removal.snapshots.append(name)
    }
    guard let milliseconds else { return removal }
    let catalog = try LogCatalog(storage, isLive: true)
    let newest = catalog.begun.last?.newestServerTimeMilliseconds ?? 0
    for (header, next) in zip(catalog.begun, catalog.begun.dropFirst()) {
      guard header.number < oldest.point.tail.segmentNumber, next.number == header.number + 1,
        next.newestServerTimeMilliseconds + milliseconds < newest
      else { break }
      try storage.removeDurably(LogFileName.segment(header.number))
      removal.segments.append(header.number)
    }
    return removal
  }
}

/// The claim of the one process that makes snapshots of a log; it goes with the process.
public struct SnapshotClaim: ~Copyable {
  private let lock: DirectoryLock

  /// Claims, or says which process has the claim.
  public init(directory path: String) throws(LogError) {
    let directory = try attempt(LogFileName.directory) { () throws(SystemError) in
      try Directory(path: path)
    }
    do throws(DirectoryLock.Refusal) {
      lock = try DirectoryLock(directory, name: LogFileName.snapshotLock)
    } catch {
      switch error {
      case .held(let process): throw .directoryInUse(process: process)
      case .failed(let error): throw .system(error, file: LogFileName.snapshotLock)
      }
    }
  }

  /// Removes what a process that is no more has left unfinished.
  public func removeLeftover(directory path: String) throws(LogError) {
    let storage = try LogInspector.storage(path)
    try attempt(LogFileName.temporarySnapshot) { () throws(SystemError) in
      guard try storage.names().contains(LogFileName.temporarySnapshot) else { return }
      try storage.remove(LogFileName.temporarySnapshot)
    }
  }
}
