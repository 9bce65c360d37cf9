/// The names of the files in a log's directory.
enum LogFileName {
  static let control = "control"
  static let lock = "lock"
  /// The directory itself, in errors.
  static let directory = "log directory"
  /// What is being made under this name was never part of the log.
  static let temporary = "unfinished.temporary"

  /// A snapshot that is being made, by a process of its own.
  static let temporarySnapshot = "unfinished.snapshot"
  /// Held by whoever makes one.
  static let snapshotLock = "snapshot-lock"

  private static let segmentSuffix = ".segment"
  private static let digitCount = 12

  static func segment(_ number: UInt64) -> String { digits(number) + segmentSuffix }

  /// The number of a segment file, or nil for any other.
  static func segmentNumber(_ name: String) -> UInt64? {
    guard name.hasSuffix(segmentSuffix) else { return nil }
    let stem = name.dropLast(segmentSuffix.count)
    guard let number = UInt64(stem), number > 0, digits(number) == stem else { return nil }
    return number
  }

  /// The copy of bytes that were found behind the last good batch of a segment.
  static func setAside(segment: UInt64, offset: Int) -> String {
    "set-aside-\(digits(segment))-at-\(offset)"
  }

  private static func digits(_ number: UInt64) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, digitCount - digits.count)) + digits
  }
}
