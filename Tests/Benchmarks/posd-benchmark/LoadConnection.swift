import LinuxSystem
import TLS
import WireFormat

/// One connection of the load client: what it still has to send, what came, and when what was sent
/// that is not answered.
///
/// Everything it does is non-blocking but for connecting and `exchange`.
final class LoadConnection {
  private static let timeoutMilliseconds: Int32 = 10_000
  /// Twice as much as a TLS record holds, so that one always fits behind part of a reply.
  private static let inputByteCount = 32_768

  // The session goes before the descriptor that it works on.
  private var session: TLSSession?
  private let descriptor: OwnedDescriptor
  private let inFlightMax: Int
  private let requestByteCount: Int
  /// Room for as many requests as may be in flight, each filled from the template once.
  private var output: FileBuffer
  private var outputStart = 0
  private var outputEnd = 0
  private var input = FileBuffer(byteCount: inputByteCount)
  private var inputEnd = 0
  /// A ring of the moments when the unanswered requests were made, in order.
  private var sentNanoseconds: [UInt64]
  private var oldest = 0
  private(set) var inFlightCount = 0

  var rawValue: Int32 { descriptor.rawValue }
  /// Whether the socket took less than there is to send.
  var hasUnsent: Bool { outputStart < outputEnd }

  /// Connects, and completes the handshake if there is a context.
  init(
    to host: String, port: UInt16, _ context: TLSClientContext?, inFlightMax: Int,
    requestByteCount: Int
  ) throws(BenchmarkError) {
    let descriptor: OwnedDescriptor
    do throws(NetworkError) {
      descriptor = try .connected(
        toHost: host, port: port, timeoutMilliseconds: Self.timeoutMilliseconds)
    } catch {
      throw .unreachable(error)
    }
    self.inFlightMax = inFlightMax
    self.requestByteCount = requestByteCount
    output = FileBuffer(byteCount: inFlightMax * requestByteCount)
    sentNanoseconds = Array(repeating: 0, count: inFlightMax)
    do throws(TLSError) {
      session = try context.map { (context) throws(TLSError) in
        try TLSSession(context, descriptor: descriptor.rawValue)
      }
    } catch {
      throw .credentialsUnusable(error)
    }
    self.descriptor = descriptor
    while let outcome = session?.handshake(), outcome != .complete { try wait(for: outcome) }
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

  /// Sends what is left.
  func flush() throws(BenchmarkError) {
    while hasUnsent {
      let (byteCount, outcome) = Self.write(
        output.bytes.extracting(outputStart..<outputEnd), &session, descriptor)
      outputStart += byteCount
      guard outcome == .complete else { return try expectWait(outcome) }
    }
  }

  /// Receives what has come, checks each reply, and records its latency.
  ///
  /// When nothing is in flight any more it does not ask for more: nothing can come.
  func receive<Load: Workload>(
    _ workload: inout Load, connection index: Int, into latencies: inout LatencyHistogram
  ) throws(BenchmarkError) {
    while inFlightCount > 0 {
      var outcome = TLSOutcome.failed
      inputEnd += input.withOutput(in: inputEnd..<input.byteCount) { tail in
        outcome = Self.read(into: &tail, &session, descriptor)
      }
      guard outcome == .complete else { return try expectWait(outcome) }
      let now = MonotonicClock.nowNanoseconds
      var start = 0
      while start < inputEnd,
        let byteCount = try workload.check(
          input.bytes.extracting(start..<inputEnd), connection: index)
      {
        guard inFlightCount > 0 else { throw .answerWrong("to nothing that was asked") }
        latencies.record(now - sentNanoseconds[oldest])
        oldest = (oldest + 1) % inFlightMax
        inFlightCount -= 1
        start += byteCount
      }
      if start > 0 { input.moveToFront(start..<inputEnd) }
      inputEnd -= start
    }
  }

  /// Sends one frame and waits for its reply, before the measurement.
  func exchange(_ frame: borrowing FrameBuffer) throws(BenchmarkError) -> Reply {
    var sentCount = 0
    while sentCount < frame.byteCount {
      let (byteCount, outcome) = Self.write(
        frame.bytes.extracting(sentCount..<frame.byteCount), &session, descriptor)
      sentCount += byteCount
      if outcome != .complete { try wait(for: outcome) }
    }
    while true {
      var outcome = TLSOutcome.failed
      inputEnd += input.withOutput(in: inputEnd..<input.byteCount) { tail in
        outcome = Self.read(into: &tail, &session, descriptor)
      }
      if outcome != .complete { try wait(for: outcome) }
      guard let reply = try Self.reply(in: input.bytes.extracting(0..<inputEnd)) else { continue }
      inputEnd = 0
      return reply
    }
  }

  /// Says good-bye.
  func close() {
    _ = session?.shutdownWrite()
    descriptor.shutdownWrite()
  }

  private static func reply(in received: RawSpan) throws(BenchmarkError) -> Reply? {
    do {
      guard let frame = try FrameView(prefixOf: received, .reply) else { return nil }
      return try Reply(frame)
    } catch {
      throw .answerWrong("\(error)")
    }
  }

  // MARK: With TLS or without

  private static func read(
    into tail: inout OutputRawSpan, _ session: inout TLSSession?,
    _ descriptor: borrowing OwnedDescriptor
  ) -> TLSOutcome {
    if let outcome = session?.read(into: &tail) { return outcome }
    switch descriptor.receive(into: &tail) {
    case .transferred: return .complete
    case .wouldBlock: return .wantsRead
    case .peerClosed: return .peerClosed
    case .failed: return .failed
    }
  }

  private static func write(
    _ bytes: RawSpan, _ session: inout TLSSession?, _ descriptor: borrowing OwnedDescriptor
  ) -> (Int, TLSOutcome) {
    if let outcome = session?.write(bytes) { return outcome }
    switch descriptor.send(bytes) {
    case .transferred(let byteCount): return (byteCount, .complete)
    case .wouldBlock: return (0, .wantsWrite)
    case .peerClosed: return (0, .peerClosed)
    case .failed: return (0, .failed)
    }
  }

  private func expectWait(_ outcome: TLSOutcome) throws(BenchmarkError) {
    guard outcome == .wantsRead || outcome == .wantsWrite else {
      throw .connectionLost(reason: session?.failure?.text ?? "closed by the server")
    }
  }

  private func wait(for outcome: TLSOutcome) throws(BenchmarkError) {
    try expectWait(outcome)
    let interest: ReadinessInterest = outcome == .wantsRead ? .readable : .writable
    guard descriptor.waitUntil(interest, timeoutMilliseconds: Self.timeoutMilliseconds) else {
      throw .noAnswer(milliseconds: UInt64(Self.timeoutMilliseconds))
    }
  }
}
