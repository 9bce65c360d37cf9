import LinuxSystem

/// One measurement on one thread.
///
/// Closed loop: every connection keeps so many requests in flight. Open loop: requests are made at
/// the moments of a pace, on the connections in turn, and their latency counts from there.
struct LoadRun<Load: Workload>: ~Copyable {
  private enum Phase {
    case warmingUp
    case measuring
    /// Nothing new is sent; what is in flight comes in.
    case draining
  }

  private static var silenceNanosecondsMax: UInt64 { 30_000_000_000 }
  private static var waitMilliseconds: Int32 { 100 }
  /// Nearer than this it is not worth to sleep.
  private static var spinNanoseconds: UInt64 { 20_000 }
  private static var timerToken: UInt64 { .max }

  private(set) var workload: Load
  private let connections: [LoadConnection]
  private let length: RunLength
  private let serverProcess: Int32?
  private let rate: Double?
  private var pace: Pace?
  /// The connection whose turn it is in an open loop.
  private var turn = 0
  private let timer: TimerDescriptor
  private var poller: ReadinessPoller
  private var isWatchedForWriting: [Bool]
  private var inFlightCount = 0
  private var latencies = LatencyHistogram()
  private var phase = Phase.warmingUp
  private var phaseStart: UInt64 = 0
  private var useAtStart: ProcessorUse
  private var measurement: Measurement?

  /// With a rate, in requests a second, it is an open loop.
  init(
    _ workload: Load, _ connections: [LoadConnection], _ length: RunLength,
    serverProcess: Int32?, rate: Double? = nil
  ) throws(BenchmarkError) {
    let timer = try Self.reporting { () throws(SystemError) in try TimerDescriptor() }
    let poller = try Self.poller(of: connections, timer)
    useAtStart = try .now(server: serverProcess)
    self.timer = timer
    self.poller = poller
    self.rate = rate
    self.workload = workload
    self.connections = connections
    self.length = length
    self.serverProcess = serverProcess
    isWatchedForWriting = Array(repeating: false, count: connections.count)
  }

  private static func poller(
    of connections: [LoadConnection], _ timer: borrowing TimerDescriptor
  ) throws(BenchmarkError) -> ReadinessPoller {
    do throws(SystemError) {
      let poller = try ReadinessPoller(eventCountMax: connections.count + 1)
      for (index, connection) in connections.enumerated() {
        try poller.add(connection.rawValue, token: UInt64(index), interest: .readable)
      }
      try poller.add(timer.rawValue, token: timerToken, interest: .readable)
      return poller
    } catch {
      throw .system(error)
    }
  }

  /// Runs to the end, with every answer in, and gives what was measured.
  mutating func run() throws(BenchmarkError) -> Measurement {
    phaseStart = MonotonicClock.nowNanoseconds
    if case .untilExhausted = length { try begin(.measuring, at: phaseStart) }
    if case .during(let occasion) = length { occasion.want() }
    pace = rate.map { Pace(rate: $0, from: phaseStart) }
    for (index, connection) in connections.enumerated() {
      connection.prepare(workload.template(forConnection: index))
      guard pace == nil else { continue }
      try step(index) { (connection, workload, _) throws(BenchmarkError) in
        try connection.send(&workload, connection: index)
      }
    }
    var lastHeard = phaseStart
    while inFlightCount > 0 || (pace != nil && phase != .draining) {
      let readyCount = poller.wait(timeoutMilliseconds: timeoutMilliseconds)
      let now = MonotonicClock.nowNanoseconds
      if readyCount > 0 { lastHeard = now }
      guard now - lastHeard < Self.silenceNanosecondsMax else {
        throw .noAnswer(milliseconds: Self.silenceNanosecondsMax / 1_000_000)
      }
      try advance(to: now)
      try sendDue(at: now)
      for place in 0..<readyCount {
        let token = poller.event(at: place).token
        if token == Self.timerToken { timer.clear() } else { try serve(Int(token)) }
      }
    }
    if case .untilExhausted = length {
      try finishMeasuring(at: MonotonicClock.nowNanoseconds)
    }
    guard let measurement else { throw .outOfCards }
    for connection in connections { connection.close() }
    return measurement
  }

  /// How long to wait for the server: in an open loop until the next request is due.
  private var timeoutMilliseconds: Int32 {
    guard let next = pace?.next, phase != .draining else { return Self.waitMilliseconds }
    guard next > MonotonicClock.nowNanoseconds + Self.spinNanoseconds else { return 0 }
    timer.set(nanoseconds: next)
    return Self.waitMilliseconds
  }

  /// Makes the requests of an open loop that are due; those that no connection has room for wait.
  private mutating func sendDue(at now: UInt64) throws(BenchmarkError) {
    while phase != .draining, let due = pace?.next, due <= now, let index = nextWithRoom() {
      pace?.advance()
      try step(index) { (connection, workload, _) throws(BenchmarkError) in
        try connection.send(&workload, connection: index, dueAt: due)
      }
    }
  }

  private mutating func nextWithRoom() -> Int? {
    for _ in connections.indices {
      let index = turn
      turn = turn + 1 < connections.count ? turn + 1 : 0
      if connections[index].hasRoom { return index }
    }
    return nil
  }

  private mutating func serve(_ index: Int) throws(BenchmarkError) {
    let sendsNoMore = phase == .draining || pace != nil
    try step(index) { (connection, workload, latencies) throws(BenchmarkError) in
      try connection.receive(&workload, connection: index, into: &latencies)
      if sendsNoMore {
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
    try Self.reporting { () throws(SystemError) in
      try poller.modify(
        connection.rawValue, token: UInt64(index),
        interest: connection.hasUnsent ? [.readable, .writable] : .readable)
    }
  }

  private static func reporting<Value: ~Copyable>(
    _ body: () throws(SystemError) -> Value
  ) throws(BenchmarkError) -> Value {
    do throws(SystemError) { return try body() } catch { throw .system(error) }
  }

  // MARK: Phases

  private mutating func advance(to now: UInt64) throws(BenchmarkError) {
    let elapsed = now - phaseStart
    let isTime: Bool
    switch (length, phase) {
    case (.timed(let warmUpNanoseconds, _), .warmingUp): isTime = elapsed >= warmUpNanoseconds
    case (.timed(_, let nanoseconds), _): isTime = elapsed >= nanoseconds
    case (.during(let occasion), .warmingUp): isTime = occasion.hasBegun
    case (.during(let occasion), _): isTime = occasion.isOver
    case (.untilExhausted, _): return
    }
    guard isTime else { return }
    switch phase {
    case .warmingUp: try begin(.measuring, at: now)
    case .measuring:
      try finishMeasuring(at: now)
      try begin(.draining, at: now)
    case .draining: break
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
  /// Measured from the beginning to the end of what another thread does.
  case during(Occasion)
}
