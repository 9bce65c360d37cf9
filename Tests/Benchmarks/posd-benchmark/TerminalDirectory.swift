import Foundation
import Installation
import TerminalClient

/// The terminals that `posd init` made: a directory for each, named by its number.
struct TerminalDirectory {
  let path: String

  /// The first terminals by number; in a test installation the clinic's come before the pharmacy's.
  func first(_ count: Int, from number: UInt64 = 0) throws -> [TerminalProfile] {
    let numbers = try FileManager.default.contentsOfDirectory(atPath: path)
      .compactMap { UInt64($0) }.filter { $0 >= number }.sorted()
    guard numbers.count >= count else {
      throw BenchmarkError.tooFewTerminals(wanted: count, found: numbers.count)
    }
    return try numbers.prefix(count).map { number in
      try TerminalProfileFile(file: "\(path)/\(number)/posterm.json").profile
    }
  }
}
