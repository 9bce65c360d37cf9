import LinuxSystem
public import TransactionModel

/// The time that the daemon goes by: of the day, or set, for tests and demonstrations.
///
/// Certificates are judged by the real clock whatever this one says.
public struct DaemonClock: Sendable, BitwiseCopyable {
  /// nil: the time of day.
  private let start: Instant?
  private let startedAtMilliseconds: UInt64

  /// The clock of the machine.
  public static let wall = DaemonClock(start: nil)

  private init(start: Instant?) {
    self.start = start
    startedAtMilliseconds = MonotonicClock.nowMilliseconds
  }

  /// A clock that shows `start` now and goes on from there; nil outside the test environment.
  public init?(settingTo start: Instant, environment: Environment) {
    guard environment == .test else { return nil }
    self.init(start: start)
  }

  public var now: Instant {
    guard let start else { return Instant(milliseconds: WallClock.nowMilliseconds) }
    let elapsed = MonotonicClock.nowMilliseconds - startedAtMilliseconds
    return Instant(milliseconds: start.milliseconds + elapsed)
  }
}
