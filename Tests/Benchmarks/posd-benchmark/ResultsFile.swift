import ArgumentParser
import Foundation

/// One number of a round that no load run gives.
struct Figure: Codable {
  enum Name: String, Codable {
    case syncMedian = "fdatasync p50"
    case inquiryAllocations = "allocations per inquiry"
    case updateAllocations = "allocations per update"
    case codec = "parse and encode"
    case idleMemory = "memory of an idle connection"
    case stormDuration = "until all are in"
    case stormTail = "p99 of established terminals"
    case recordByteCount = "size of a record"
    case indexMemory = "memory per card, index"
    case daemonMemory = "memory per card, daemon"
  }

  let name: Name
  let server: String
  let round: Int
  /// In the unit that its target is in.
  let value: Double
}

/// Where runs append what they gave: a line each, as JSON.
struct ResultsFile {
  /// One of the two.
  struct Line: Codable {
    var load: LoadResult?
    var figure: Figure?
  }

  let path: String

  func append(_ line: Line) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let bytes = try encoder.encode(line) + Data("\n".utf8)
    if !FileManager.default.fileExists(atPath: path) {
      try Data().write(to: URL(filePath: path))
    }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    try file.write(contentsOf: bytes)
    try file.close()
  }

  func lines() throws -> [Line] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      try JSONDecoder().decode(Line.self, from: Data(line.utf8))
    }
  }
}

/// Where a command puts its figures, beside what it prints.
struct ResultOptions: ParsableArguments {
  @Option(help: "File to append the result to.") var results: String?
  @Option(help: "What the results call the server; posd, or what is asked of it, if none.")
  var server: String?
  @Option var round = 1

  func note(_ name: Figure.Name, _ value: Double) throws {
    guard let results else { return }
    try ResultsFile(path: results).append(
      ResultsFile.Line(
        figure: Figure(name: name, server: server ?? "posd", round: round, value: value)))
  }
}
