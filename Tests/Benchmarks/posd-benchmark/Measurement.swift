import LinuxSystem

/// What one run gave; times are in nanoseconds.
struct Measurement: Codable {
  let transactionCount: UInt64
  let seconds: Double
  let p50: UInt64
  let p99: UInt64
  let p999: UInt64
  let largest: UInt64
  /// Processor time for each transaction.
  let serverPerTransaction: Double
  let clientPerTransaction: Double
  /// Processors that everything else on the machine kept busy.
  let otherProcessors: Double

  var transactionsPerSecond: Double { Double(transactionCount) / seconds }

  init(
    _ latencies: LatencyHistogram, nanoseconds: UInt64, from start: ProcessorUse,
    to end: ProcessorUse
  ) {
    let count = Double(max(1, latencies.count))
    let server = Double(end.server - start.server)
    let client = Double(end.client - start.client)
    let machine = Double(end.machine - start.machine)
    transactionCount = latencies.count
    seconds = Double(nanoseconds) / 1e9
    p50 = latencies.percentile(0.5)
    p99 = latencies.percentile(0.99)
    p999 = latencies.percentile(0.999)
    largest = latencies.largest
    serverPerTransaction = server / count
    clientPerTransaction = client / count
    otherProcessors = max(0, machine - server - client) / Double(nanoseconds)
  }
}

/// A measurement and what was measured.
struct LoadResult: Codable {
  /// What was asked for, as the command names it.
  let kind: String
  /// What the servers of one scenario have in common, such as `inquiry, 1 in flight`.
  let scenario: String
  let server: String
  let round: Int
  let connectionCount: Int
  let inFlightMax: Int
  /// Of an open loop: requests a second.
  let rate: Double?
  /// Of the machine when the run began: runnable threads over 1, 5 and 15 minutes.
  let loadAverages: String
  let measurement: Measurement
}
