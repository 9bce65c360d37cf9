import Installation
import TransactionModel
import WireFormat

/// Card ranges as a CSV file has them; read whole or refused with every mistake.
struct CardRangeFile {
  private(set) var ranges: [(first: UInt64, last: UInt64, site: UInt64?)] = []

  private static let headers = [
    ["first_serial", "last_serial"], ["first_serial", "last_serial", "site"],
  ]

  init(_ text: String, file: String) throws(Mistakes) {
    var mistakes: [Mistake] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasSuffix("\r") ? $0.dropLast() : $0 }
    let columns = lines.first.map(Self.fields) ?? []
    if !Self.headers.contains(columns) {
      mistakes.append(Mistake("line 1", "first_serial,last_serial or ...,site is wanted"))
    }
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = Self.fields(line)
      guard fields.count == columns.count, fields.count >= 2 else {
        mistakes.append(Mistake("line \(index + 1)", "as many fields as in line 1 are wanted"))
        continue
      }
      if let reason = add(fields) { mistakes.append(Mistake("line \(index + 1)", reason)) }
    }
    if ranges.isEmpty, mistakes.isEmpty { mistakes.append(Mistake("", "it has no cards")) }
    mistakes += overlaps
    guard mistakes.isEmpty else { throw Mistakes(file: file, mistakes) }
  }

  private static func fields(_ line: Substring) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// Takes a line, or says what is wrong with it.
  private mutating func add(_ fields: [String]) -> String? {
    guard let first = Self.serial(fields[0]), let last = Self.serial(fields[1]) else {
      return "serial numbers of at most 13 digits are wanted"
    }
    guard first <= last else { return "first_serial is above last_serial" }
    guard fields.count == 3, !fields[2].isEmpty else {
      ranges.append((first, last, nil))
      return nil
    }
    guard let site = UInt64(fields[2]), SiteID(rawValue: site).hasValidCheckDigit else {
      return "site: a National Provider Identifier of ten digits is wanted"
    }
    ranges.append((first, last, site))
    return nil
  }

  private static func serial(_ text: String) -> UInt64? {
    guard text.count <= 13, !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) else {
      return nil
    }
    return UInt64(text)
  }

  private var overlaps: [Mistake] {
    let sorted = ranges.sorted { $0.first < $1.first }
    return zip(sorted, sorted.dropFirst()).filter { $0.last >= $1.first }.map {
      Mistake("", "the ranges from \($0.first) and from \($1.first) overlap")
    }
  }

  var cardCount: UInt64 { ranges.reduce(0) { $0 + $1.last - $1.first + 1 } }

  /// As the control protocol carries them.
  var json: JSONValue {
    .array(
      ranges.map { range in
        .array([range.first, range.last, range.site].compactMap { $0.map(JSONValue.integer) })
      })
  }
}
