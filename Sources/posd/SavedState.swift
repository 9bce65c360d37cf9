import Installation
import LinuxSystem
import TransactionEngine
import TransactionModel
import WriteAheadLog

/// What the newest usable snapshot of a log holds: how a start begins, and how the next snapshot does.
struct SavedState: ~Copyable {
  /// An engine that knows what the snapshot says; nothing when there is none.
  var engine: TransactionEngine
  /// Where the log goes on behind it; nil for its beginning.
  let point: LogPoint?
  /// What was read, a line for an operator; nil when there was nothing.
  let report: String?
  /// Snapshots that are damaged, by name, with what is wrong.
  let damaged: [(name: String, error: LogError)]

  /// Reads snapshots, the newest first, until one is whole.
  ///
  /// One that is whole and cannot be used - another environment's, hidden with a key that is not
  /// there, written by a later version - is an error: an older one would hide it.
  static func read(
    directory: String, keyring: LogKeyring, environment: TransactionModel.Environment,
    _ makeEngine: () throws -> TransactionEngine
  ) throws -> SavedState {
    var damaged: [(name: String, error: LogError)] = []
    for name in try LogSnapshot.names(directory: directory) {
      var restoration = EngineRestoration(try makeEngine())
      let start = MonotonicClock.nowNanoseconds
      let point: LogPoint
      do throws(LogError) {
        point = try LogSnapshot.read(
          directory: directory, name, keyring: keyring, environment: environment.rawValue
        ) { try restoration.take($0) }
      } catch {
        guard case .damaged = error else { throw error }
        damaged.append((name, error))
        continue
      }
      let engine: TransactionEngine
      do throws(RestorationError) {
        engine = try restoration.finish()
      } catch {
        throw LogError.replayRefused(point.position, reason: "\(name): \(error)")
      }
      let nanoseconds = MonotonicClock.nowNanoseconds - start
      let byteCount = try LogSnapshot.information(directory: directory, name).byteCount
      let report = Self.report(
        name, cardCount: engine.cardCount, byteCount: byteCount, nanoseconds: nanoseconds)
      return SavedState(engine: engine, point: point, report: report, damaged: damaged)
    }
    return SavedState(engine: try makeEngine(), point: nil, report: nil, damaged: damaged)
  }

  consuming func takeEngine() -> TransactionEngine { engine }

  private static func report(
    _ name: String, cardCount: Int, byteCount: Int, nanoseconds: UInt64
  ) -> String {
    let seconds = Double(nanoseconds) / 1e9
    let rate = Int((Double(byteCount) / max(seconds, 1e-9) / 1e6).rounded())
    return "snapshot \(name): cards: \(cardCount), bytes: \(byteCount), in "
      + "\(Int((seconds * 1_000).rounded())) ms (\(rate) MB/s)"
  }
}
