/// The place of a record in the log: dense within a history, never given twice.
///
/// Confirmation numbers permute its low 60 bits, so a position stays below 2^60.
@frozen
public struct LogPosition: Comparable, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64

  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Before the first record; in a frame, "rests on nothing".
  @inlinable public static var zero: LogPosition { LogPosition(rawValue: 0) }

  @inlinable public var next: LogPosition { LogPosition(rawValue: rawValue + 1) }

  @inlinable
  public static func < (lhs: LogPosition, rhs: LogPosition) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}
