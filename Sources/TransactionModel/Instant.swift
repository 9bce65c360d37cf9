/// A moment: milliseconds since 1970-01-01 00:00 UTC, leap seconds not counted; 0 is none.
@frozen
public struct Instant: Comparable, Hashable, Sendable, BitwiseCopyable {
  public let milliseconds: UInt64

  @inlinable public init(milliseconds: UInt64) { self.milliseconds = milliseconds }

  @inlinable public static var none: Instant { Instant(milliseconds: 0) }

  /// The last millisecond of the year 9999: no frame carries a later one as a transaction time.
  @inlinable public static var latest: Instant { Instant(milliseconds: 253_402_300_799_999) }

  @inlinable
  public static func < (lhs: Instant, rhs: Instant) -> Bool { lhs.milliseconds < rhs.milliseconds }

  /// How far `self` lies before `later`, 0 if it does not.
  @inlinable
  public func millisecondsUntil(_ later: Instant) -> UInt64 {
    later.milliseconds > milliseconds ? later.milliseconds - milliseconds : 0
  }
}
