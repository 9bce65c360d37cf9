public import TransactionModel

/// What a log is for.
public enum LogKind: UInt8, Sendable {
  case state = 1
  case audit = 2
  /// Not a log: what one had built at a point.
  case snapshot = 3

  /// Whether its oldest segments go by their age, and nothing stands for them.
  var forgetsByAge: Bool { self == .audit }
}

/// The name of one unbroken line of positions: 128 random bits.
public struct HistoryIdentity: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt128

  public init(rawValue: UInt128) { self.rawValue = rawValue }

  /// Stands for the parent of a history that has none.
  public static let none = HistoryIdentity(rawValue: 0)
}

extension LogPosition {
  /// Whether a history can begin behind it.
  var isHistoryBase: Bool { rawValue & (1 << 32 - 1) == 0 }
}

extension HistoryIdentity: CustomStringConvertible {
  /// 32 hexadecimal digits.
  public var description: String {
    let digits = String(rawValue, radix: 16)
    return String(repeating: "0", count: 32 - digits.count) + digits
  }
}

/// A history and where it branched off.
///
/// Restore and repair begin a history of their own behind the next multiple of 2^32, so that no
/// position and no confirmation number is ever given twice, whatever was cut off.
public struct LogHistory: Hashable, Sendable {
  public let identity: HistoryIdentity
  public let parent: HistoryIdentity

  /// The last position of the parent that this history builds on.
  public let parentPosition: LogPosition

  public init(
    identity: HistoryIdentity, parent: HistoryIdentity = .none, parentPosition: LogPosition = .zero
  ) {
    self.identity = identity
    self.parent = parent
    self.parentPosition = parentPosition
  }

  /// The position before the first one this history gives; a higher one where the log is known to
  /// have given positions in a history that is not this one's parent.
  public var basePosition: LogPosition {
    guard parent != .none else { return .zero }
    return Self.basePosition(above: parentPosition)
  }

  /// The lowest position that a history can begin behind, with another position left below it.
  static func basePosition(above position: LogPosition) -> LogPosition {
    LogPosition(rawValue: (position.rawValue >> 32 + 1) << 32)
  }
}
