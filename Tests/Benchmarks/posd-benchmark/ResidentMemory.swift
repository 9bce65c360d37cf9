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
}
