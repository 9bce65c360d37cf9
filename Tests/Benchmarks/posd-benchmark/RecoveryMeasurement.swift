import Foundation
import LinuxSystem
import WriteAheadLog

/// A start from a snapshot and from the log, measured, beside the device and redis-server.
struct RecoveryMeasurement {
  let directory: String
  let cardCount: UInt64
  let rounds: Int

  func run() throws {
    let log = directory + "/log"
    let room = try RecoveryRoom(directory: log, cardCount: cardCount)
    print("making a log of \(cardCount) activations in \(log)")
    try room.makeLog()
    var replays: [Double] = []
    for _ in 0..<rounds {
      let (seconds, recordCount, byteCount) = try room.replay()
      replays.append(Double(recordCount) / seconds)
      print(
        String(
          format: "replay: %llu records, %llu bytes in %.3f s: %.0f records/s, %.0f MB/s",
          recordCount, byteCount, seconds, Double(recordCount) / seconds,
          Double(byteCount) / seconds / 1e6))
    }
    let (name, seconds) = try room.makeSnapshot()
    let byteCount = try LogSnapshot.information(directory: log, name).byteCount
    print(String(format: "made a snapshot of %d bytes in %.3f s", byteCount, seconds))
    var starts: [Double] = []
    for _ in 0..<rounds {
      let cached = try Self.read(log, name, isDirect: false)
      let device = try Self.read(log, name, isDirect: true)
      let start = try room.start(from: name)
      starts.append(start.snapshotSeconds)
      print(
        String(
          format: "start: snapshot %.3f s (%.0f MB/s), log %.3f s, %d cards; "
            + "reading the file alone: %.3f s from the page cache, %@ from the device",
          start.snapshotSeconds, Double(byteCount) / start.snapshotSeconds / 1e6,
          start.logSeconds, start.cardCount, cached ?? 0,
          device.map { String(format: "%.3f s", $0) } ?? "nothing"))
    }
    let redis = try RedisLoad(directory: directory + "/redis", count: cardCount).seconds(rounds)
    let (start, replay) = (starts.median, replays.median)
    print(String(format: "median: snapshot %.3f s, replay %.0f records/s", start, replay))
    guard let redis else { return print("redis-server is not installed") }
    print(
      String(
        format: "redis-server loads %llu values of 320 bytes in %.3f s: %.2f times as long",
        cardCount, redis, redis / start))
  }

  /// How long it takes to read a file and do nothing with it; nil where it cannot be read so.
  private static func read(
    _ path: String, _ name: String, isDirect: Bool
  ) throws -> Double? {
    let directory = try Directory(path: path)
    guard isDirect else { return try seconds(reading: directory.openFile(name, .readOnly)) }
    guard let file = try directory.openFileForDirectRead(name) else { return nil }
    return try seconds(reading: file)
  }

  private static func seconds(reading file: borrowing File) throws -> Double {
    let start = MonotonicClock.nowNanoseconds
    var buffer = FileBuffer(byteCount: 1 << 20)
    var offset = 0
    let byteCount = try file.byteCount()
    while offset < byteCount { offset += try fill(&buffer, from: file, at: offset) }
    return Double(MonotonicClock.nowNanoseconds - start) / 1e9
  }

  private static func fill(
    _ buffer: inout FileBuffer, from file: borrowing File, at offset: Int
  ) throws(SystemError) -> Int {
    var failure: SystemError?
    let count = buffer.withOutput(in: 0..<buffer.byteCount) { output in
      do throws(SystemError) { try file.read(at: offset, into: &output) } catch { failure = error }
    }
    if let failure { throw failure }
    return count
  }
}

/// redis-server's start from a dump of values of 320 bytes.
struct RedisLoad {
  private static let valueByteCount = 320

  let directory: String
  let count: UInt64

  /// The median of what it says of its loading; nil where there is no redis-server.
  func seconds(_ rounds: Int) throws -> Double? {
    let server = "/usr/bin/redis-server"
    guard FileManager.default.isExecutableFile(atPath: server) else { return nil }
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
    let socket = directory + "/socket"
    let arguments = [
      "--port", "0", "--unixsocket", socket, "--dir", directory, "--save", "", "--appendonly",
      "no", "--enable-debug-command", "yes",
    ]
    var found: [Double] = []
    for round in 0...rounds {
      let process = Process()
      process.executableURL = URL(filePath: server)
      process.arguments = arguments
      let output = Pipe()
      process.standardOutput = output
      try process.run()
      let text = Self.text(of: output, until: "eady to accept")
      if round == 0 {
        try command(socket, ["DEBUG", "POPULATE", "\(count)", "card", "\(Self.valueByteCount)"])
        try command(socket, ["SAVE"])
      } else if let line = text.split(separator: "\n").first(where: { $0.contains("DB loaded") }),
        let word = line.split(separator: " ").dropLast().last, let seconds = Double(word)
      {
        found.append(seconds)
      }
      process.interrupt()
      process.waitUntilExit()
    }
    return found.isEmpty ? nil : found.median
  }

  private func command(_ socket: String, _ words: [String]) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/redis-cli")
    process.arguments = ["-s", socket] + words
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
  }

  private static func text(of pipe: Pipe, until mark: String) -> String {
    var text = ""
    while !text.contains(mark) {
      let more = pipe.fileHandleForReading.availableData
      guard !more.isEmpty else { break }
      text += String(decoding: more, as: UTF8.self)
    }
    return text
  }
}
