import Glibc
import LinuxSystem

/// Processor time at a moment, in nanoseconds since the processes or the machine started.
struct ProcessorUse {
  /// Of the server, its ended threads included; 0 without a server to watch.
  let server: UInt64
  /// Of this program.
  let client: UInt64
  /// Of everything on the machine.
  let machine: UInt64

  static func now(server: Int32?) throws(BenchmarkError) -> ProcessorUse {
    ProcessorUse(
      server: try server.map(serverNanoseconds) ?? 0,
      client: CurrentProcess.processorTimeNanoseconds,
      machine: try machineNanoseconds())
  }

  /// The three numbers of /proc/loadavg: runnable threads over 1, 5 and 15 minutes.
  static func loadAverages() throws(BenchmarkError) -> String {
    try text("/proc", "loadavg").split(separator: " ").prefix(3).joined(separator: " ")
  }

  private static let nanosecondsPerTick = 1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK)))

  /// Fields 14 and 15 of /proc/PID/stat (proc(5)); the program's name before may hold blanks.
  private static func serverNanoseconds(_ process: Int32) throws(BenchmarkError) -> UInt64 {
    let stat = try text("/proc/\(process)", "stat")
    let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
    guard fields.count > 13, let user = UInt64(fields[12]), let kernel = UInt64(fields[13]) else {
      throw .inputUnusable(file: "/proc/\(process)/stat", reason: "not as expected")
    }
    return (user + kernel) * nanosecondsPerTick
  }

  /// All of the first line of /proc/stat but idle, waiting for I/O, and what guests used, which is
  /// in the first two already.
  private static func machineNanoseconds() throws(BenchmarkError) -> UInt64 {
    let line = try text("/proc", "stat").prefix { $0 != "\n" }
    let ticks = line.split(separator: " ").dropFirst().compactMap { UInt64($0) }
    guard ticks.count >= 8 else {
      throw .inputUnusable(file: "/proc/stat", reason: "not as expected")
    }
    return (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + ticks[7]) * nanosecondsPerTick
  }

  private static func text(_ path: String, _ name: String) throws(BenchmarkError) -> String {
    do throws(SystemError) {
      let directory = try Directory(path: path)
      return try directory.openFile(name, .readOnly).text(byteCountMax: 4_096)
    } catch {
      throw .inputUnusable(file: "\(path)/\(name)", reason: error.description)
    }
  }
}
