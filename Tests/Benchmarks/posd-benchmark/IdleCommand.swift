import ArgumentParser
import Foundation
import LinuxSystem

/// Measures what a server holds for a connection that says nothing.
struct IdleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "idle", abstract: "Measure a server's memory for each idle TLS connection.",
    discussion: """
      Every connection has a client certificate and was answered once, by an echo or PING. The \
      server is to allow so many of one address; it is fresh, or it would give what it kept before.
      """)

  @OptionGroup var crowd: CrowdOptions
  @Option(help: "Process whose memory is measured.") var serverProcess: Int32
  @Option(help: "For how long its memory must have stayed as it is.") var settleSeconds = 3.0
  @Option(help: "How long that is waited for.") var settleSecondsMax = 60.0
  @OptionGroup var output: ResultOptions

  func run() throws {
    let all = try crowd.crowd()
    // What a server makes for its first connection is not of any of them.
    let first = try crowd.crowd(count: 1)
    try first.open()
    let before = try ResidentMemory.byteCount(of: serverProcess)
    let start = MonotonicClock.nowNanoseconds
    try all.open()
    let seconds = Double(MonotonicClock.nowNanoseconds - start) / 1e9
    let after = try ResidentMemory.settledByteCount(
      of: serverProcess, unchangedFor: settleSeconds, within: settleSecondsMax)
    try all.expectAllOpen()
    let kilobytes = (Double(after.byteCount) - Double(before)) / 1_024 / Double(crowd.connections)
    print(
      String(
        format:
          "\(output.server ?? "posd"): %.1f KB for each of \(crowd.connections) idle connections, "
          + "opened in %.1f s, \(after.isSettled ? "settled" : "STILL CHANGING") after %.1f s",
        kilobytes, seconds, after.seconds))
    try output.note(.idleMemory, kilobytes)
  }
}

/// Which connections, and to whom.
struct CrowdOptions: ParsableArguments {
  @Option(help: "The directory of the terminals that posd init made.") var terminals: String
  @Option(help: "How many terminals' certificates are used, in turn.") var certificates = 64
  @Option(help: "An address that the server's certificate has.") var host = "127.0.0.1"
  @Option var port: UInt16
  @Option(help: "How many connections.") var connections = 10_000
  @Flag(help: "The server is Redis.") var redis = false

  func validate() throws {
    guard (1...19_000).contains(connections), certificates > 0 else {
      throw ValidationError("--connections is 1 to 19000, --certificates at least 1")
    }
  }

  func crowd(count: Int? = nil) throws -> Crowd {
    try Crowd(
      count: count ?? connections, host: host, port: port,
      try TerminalDirectory(path: terminals).first(certificates), redis ? .ping : nil)
  }
}
