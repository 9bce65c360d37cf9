import LinuxSystem
import TLS
import TerminalClient
import WireFormat

/// One connection of the load client: what it still has to send, what came, and when what was sent
/// that is not answered.
///
/// Everything it does is non-blocking but for connecting and `exchange`.
final class LoadConnection {
  private var transport: LoadTransport
  private let inFlightMax: Int
  private let requestByteCount: Int
  /// Room for as many requests as may be in flight, each filled from the template once.
  private var output: FileBuffer
  private var outputStart = 0
  private var outputEnd = 0
  private var input = ReplyInput()
  /// A ring of the moments when the unanswered requests were made, in order.
  private var sentNanoseconds: [UInt64]
  private var oldest = 0
  private(set) var inFlightCount = 0

  var rawValue: Int32 { transport.rawValue }
  /// Whether the socket took less than there is to send.
  var hasUnsent: Bool { outputStart < outputEnd }
  /// Whether one more request may be made.
  var hasRoom: Bool {
    inFlightCount < inFlightMax && (outputEnd < output.byteCount || !hasUnsent)
  }

  init(
    _ transport: consuming LoadTransport, inFlightMax: Int, requestByteCount: Int
  ) {
    self.transport = transport
    self.inFlightMax = inFlightMax
    self.requestByteCount = requestByteCount
    output = FileBuffer(byteCount: inFlightMax * requestByteCount)
    sentNanoseconds = Array(repeating: 0, count: inFlightMax)
  }

  /// Connects some, each with the certificate of a terminal if there are any, and prepares them.
  static func open<Load: Workload>(
    _ count: Int, host: String, port: UInt16, _ profiles: [TerminalProfile]?, inFlightMax: Int,
    _ workload: inout Load
  ) throws -> [LoadConnection] {
    var open: [LoadConnection] = []
    for index in 0..<count {
      let context = try profiles.map { profiles in
        try TLSClientContext(
          authorityFile: profiles[index].authorityFile,
          certificateFile: profiles[index].certificateFile,
          privateKeyFile: profiles[index].privateKeyFile, expectedHost: host)
      }
      let connection = LoadConnection(
        try LoadTransport(to: host, port: port, context), inFlightMax: inFlightMax,
        requestByteCount: workload.requestByteCount)
      try workload.open(connection, at: index)
      open.append(connection)
    }
    return open
  }

  /// Writes what all requests have in common into the room for each.
  func prepare(_ template: [UInt8]) {
    precondition(template.count == requestByteCount)
    for place in 0..<inFlightMax { output.store(template, at: place * requestByteCount) }
  }

  /// Makes as many requests as may be in flight and sends what the socket takes.
  ///
  /// A request's latency begins here.
  func send<Load: Workload>(
    _ workload: inout Load, connection index: Int
  ) throws(BenchmarkError) {
    if outputStart == outputEnd { (outputStart, outputEnd) = (0, 0) }
    let now = MonotonicClock.nowNanoseconds
    while inFlightCount < inFlightMax, outputEnd < output.byteCount,
      workload.fill(&output, at: outputEnd, connection: index)
    {
      sentNanoseconds[(oldest + inFlightCount) % inFlightMax] = now
      inFlightCount += 1
      outputEnd += requestByteCount
    }
    try flush()
  }

  /// Makes one request that was due at a moment, from which its latency counts.
  ///
  /// - Precondition: it has room.
  func send<Load: Workload>(
    _ workload: inout Load, connection index: Int, dueAt moment: UInt64
  ) throws(BenchmarkError) {
    if outputStart == outputEnd { (outputStart, outputEnd) = (0, 0) }
    guard workload.fill(&output, at: outputEnd, connection: index) else { throw .outOfCards }
    sentNanoseconds[(oldest + inFlightCount) % inFlightMax] = moment
    inFlightCount += 1
    outputEnd += requestByteCount
    try flush()
  }

  /// Sends what is left, as far as the socket takes it.
  func flush() throws(BenchmarkError) {
    while hasUnsent {
      let (byteCount, outcome) = Self.write(&output, outputStart..<outputEnd, to: &transport)
      outputStart += byteCount
      guard outcome == .complete else { return try transport.expectWait(outcome) }
    }
  }

  /// Receives what has come, checks each reply, and records its latency.
  ///
  /// When nothing is in flight any more it does not ask for more: nothing can come.
  func receive<Load: Workload>(
    _ workload: inout Load, connection index: Int, into latencies: inout LatencyHistogram
  ) throws(BenchmarkError) {
    while inFlightCount > 0 {
      let outcome = input.receive(from: &transport)
      guard outcome == .complete else { return try transport.expectWait(outcome) }
      let now = MonotonicClock.nowNanoseconds
      while try input.take(for: &workload, connection: index) {
        guard inFlightCount > 0 else { throw .answerWrong("to nothing that was asked") }
        latencies.record(now - sentNanoseconds[oldest])
        oldest = (oldest + 1) % inFlightMax
        inFlightCount -= 1
      }
    }
  }

  /// Sends one frame of posd's and waits for its reply, before the measurement.
  func exchange(_ frame: borrowing FrameBuffer) throws(BenchmarkError) -> Reply {
    var sentCount = 0
    while sentCount < frame.byteCount {
      let (byteCount, outcome) = transport.write(
        frame.bytes.extracting(sentCount..<frame.byteCount))
      sentCount += byteCount
      if outcome != .complete { try transport.wait(for: outcome) }
    }
    while true {
      let outcome = input.receive(from: &transport)
      if outcome != .complete { try transport.wait(for: outcome) }
      if let reply = try input.takeReply() { return reply }
    }
  }

  /// Says good-bye.
  func close() { transport.close() }

  private static func write(
    _ output: inout FileBuffer, _ range: Range<Int>, to transport: inout LoadTransport
  ) -> (byteCount: Int, outcome: TLSOutcome) {
    transport.write(output.bytes.extracting(range))
  }
}
