import LinuxSystem

/// How much of the machine's memory a process has.
enum ResidentMemory {
  /// The line `Rss` of /proc/PID/smaps_rollup (proc(5)), in bytes: exact, unlike that of `status`.
  static func byteCount(of process: Int32) throws(BenchmarkError) -> UInt64 {
    let text: String
    do throws(SystemError) {
      let directory = try Directory(path: "/proc/\(process)")
      text = try directory.openFile("smaps_rollup", .readOnly).text(byteCountMax: 4_096)
    } catch {
      throw .inputUnusable(file: "/proc/\(process)/smaps_rollup", reason: error.description)
    }
    let words = text.split(separator: "\n").first { $0.hasPrefix("Rss:") }?.split(separator: " ")
    guard let words, words.count == 3, let kilobytes = UInt64(words[1]) else {
      throw .inputUnusable(file: "/proc/\(process)/smaps_rollup", reason: "not as expected")
    }
    return kilobytes * 1_024
  }

  /// Changes up to this are those of a process at rest.
  private static let restlessByteCount: UInt64 = 64 << 10
  private static let stepMilliseconds: Int32 = 50

  /// The memory of a process when it has not changed for a while, or when the patience is at an end.
  static func settledByteCount(
    of process: Int32, unchangedFor quietSeconds: Double, within secondsMax: Double
  ) throws(BenchmarkError) -> (byteCount: UInt64, seconds: Double, isSettled: Bool) {
    let start = MonotonicClock.nowNanoseconds
    var byteCount = try byteCount(of: process)
    var changedSeconds = 0.0
    while true {
      let seconds = Double(MonotonicClock.nowNanoseconds - start) / 1e9
      let isSettled = seconds - changedSeconds >= quietSeconds
      if isSettled || seconds >= secondsMax { return (byteCount, seconds, isSettled) }
      MonotonicClock.sleep(milliseconds: stepMilliseconds)
      let now = try Self.byteCount(of: process)
      if max(now, byteCount) - min(now, byteCount) > restlessByteCount {
        byteCount = now
        changedSeconds = seconds
      }
    }
  }
}
