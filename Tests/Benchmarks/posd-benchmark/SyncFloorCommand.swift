import ArgumentParser
import LinuxSystem

/// Measures what a durable change costs at least on a device: one small append and one fdatasync.
struct SyncFloorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync-floor",
    abstract: "Measure fdatasync of small appends to a preallocated file.")

  private static let fileByteCount = 16 << 20

  @Argument(help: "A directory on the device.") var directory: String
  @Option(help: "Size of an append.") var bytes = 512
  @Option(help: "How many appends.") var count = 1_000
  @OptionGroup var output: ResultOptions

  func validate() throws {
    guard bytes > 0, count > 0, bytes * count <= Self.fileByteCount else {
      throw ValidationError("all appends together are at most \(Self.fileByteCount) bytes")
    }
  }

  func run() throws {
    let name = "sync-floor.\(CurrentProcess.identifier)"
    let directory = try Directory(path: directory)
    let file = try directory.createFile(name)
    defer { try? directory.remove(name) }
    try file.allocate(byteCount: Self.fileByteCount)
    try file.writeZeros(at: 0, byteCount: Self.fileByteCount)
    try file.synchronize()
    let content = FileBuffer(byteCount: bytes)
    var latencies = LatencyHistogram()
    for place in 0..<count {
      let start = MonotonicClock.nowNanoseconds
      try file.write(content.bytes, at: place * bytes)
      try file.synchronizeData()
      latencies.record(MonotonicClock.nowNanoseconds - start)
    }
    let figures = [latencies.percentile(0.5), latencies.percentile(0.99), latencies.largest]
      .map { "\($0 / 1_000) us" }
    print(
      "fdatasync of a \(bytes)-byte append: p50 \(figures[0]), p99 \(figures[1]),"
        + " max \(figures[2]), \(count) times")
    try output.note(.syncMedian, Double(latencies.percentile(0.5)) / 1_000)
  }
}
