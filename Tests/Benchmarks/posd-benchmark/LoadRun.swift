import LinuxSystem

/// One measurement: every connection keeps so many requests in flight, closed loop, on one thread.
struct LoadRun<Load: Workload>: ~Copyable {
  private enum Phase {
    case warmingUp
    case measuring
    /// Nothing new is sent; what is in flight comes in.
    case draining
  }

  private static var silenceNanosecondsMax: UInt64 { 30_000_000_000 }
  private static var waitMilliseconds: Int32 { 100 }

  private(set) var workload: Load
  private let connections: [LoadConnection]
  private let length: RunLength
  private let serverProcess: Int32?
  private var poller: ReadinessPoller
  private var isWatchedForWriting: [Bool]
  private var inFlightCount = 0
  private var latencies = LatencyHistogram()
  private var phase = Phase.warmingUp
  private var phaseStart: UInt64 = 0
  private var useAtStart: ProcessorUse
  private var measurement: Measurement?

  init(
    _ workload: Load, _ connections: [LoadConnection], _ length: RunLength, serverProcess: Int32?
  ) throws(BenchmarkError) {
    let poller = try Self.poller(of: connections)
    useAtStart = try .now(server: serverProcess)
    self.poller = poller
    self.workload = workload
    self.connections = connections
    self.length = length
    self.serverProcess = serverProcess
    isWatchedForWriting = Array(repeating: false, count: connections.count)
  }

  private static func poller(
    of connections: [LoadConnection]
  ) throws(BenchmarkError) -> ReadinessPoller {
    do throws(SystemError) {
      let poller = try ReadinessPoller(eventCountMax: connections.count)
      for (index, connection) in connections.enumerated() {
        try poller.add(connection.rawValue, token: UInt64(index), interest: .readable)
      }
      return poller
    } catch {
      throw .system(error)
    }
  }

  /// Runs to the end, with every answer in, and gives what was measured.
  mutating func run() throws(BenchmarkError) -> Measurement {
    phaseStart = MonotonicClock.nowNanoseconds
    if case .untilExhausted = length { try begin(.measuring, at: phaseStart) }
    for (index, connection) in connections.enumerated() {
      connection.prepare(workload.template(forConnection: index))
      try step(index) { (connection, workload, _) throws(BenchmarkError) in
        try connection.send(&workload, connection: index)
      }
    }
    var lastHeard = phaseStart
    while inFlightCount > 0 {
      let readyCount = poller.wait(timeoutMilliseconds: Self.waitMilliseconds)
      let now = MonotonicClock.nowNanoseconds
      if readyCount > 0 { lastHeard = now }
      guard now - lastHeard < Self.silenceNanosecondsMax else {
        throw .noAnswer(milliseconds: Self.silenceNanosecondsMax / 1_000_000)
      }
      try advance(to: now)
      for place in 0..<readyCount { try serve(Int(poller.event(at: place).token)) }
    }
    if case .untilExhausted = length {
      try finishMeasuring(at: MonotonicClock.nowNanoseconds)
    }
    guard let measurement else { throw .outOfCards }
    for connection in connections { connection.close() }
    return measurement
  }

  private mutating func serve(_ index: Int) throws(BenchmarkError) {
    let isDraining = phase == .draining
    try step(index) { (connection, workload, latencies) throws(BenchmarkError) in
      try connection.receive(&workload, connection: index, into: &latencies)
      if isDraining {
        try connection.flush()
      } else {
        try connection.send(&workload, connection: index)
      }
    }
  }

  /// Lets a connection do something, and keeps count and watch of it.
  private mutating func step(
    _ index: Int,
    _ body: (LoadConnection, inout Load, inout LatencyHistogram) throws(BenchmarkError) -> Void
  ) throws(BenchmarkError) {
    let connection = connections[index]
    let before = connection.inFlightCount
    try body(connection, &workload, &latencies)
    inFlightCount += connection.inFlightCount - before
    guard connection.hasUnsent != isWatchedForWriting[index] else { return }
    isWatchedForWriting[index] = connection.hasUnsent
    do throws(SystemError) {
      try poller.modify(
        connection.rawValue, token: UInt64(index),
        interest: connection.hasUnsent ? [.readable, .writable] : .readable)
    } catch {
      throw .system(error)
    }
  }

  // MARK: Phases

  private mutating func advance(to now: UInt64) throws(BenchmarkError) {
    guard case .timed(let warmUpNanoseconds, let nanoseconds) = length else { return }
    switch phase {
    case .warmingUp:
      if now - phaseStart >= warmUpNanoseconds { try begin(.measuring, at: now) }
    case .measuring:
      guard now - phaseStart >= nanoseconds else { return }
      try finishMeasuring(at: now)
      try begin(.draining, at: now)
    case .draining:
      break
    }
  }

  private mutating func begin(_ next: Phase, at now: UInt64) throws(BenchmarkError) {
    phase = next
    phaseStart = now
    latencies.removeAll()
    useAtStart = try .now(server: serverProcess)
  }

  private mutating func finishMeasuring(at now: UInt64) throws(BenchmarkError) {
    measurement = Measurement(
      latencies, nanoseconds: now - phaseStart, from: useAtStart,
      to: try .now(server: serverProcess))
  }
}

/// How long a run lasts.
enum RunLength {
  /// Measured for so long, after so long unmeasured.
  case timed(warmUpNanoseconds: UInt64, nanoseconds: UInt64)
  /// Until the workload has no more requests.
  case untilExhausted
}
