import TransactionModel
import WireFormat

/// A small story of requests, with the reply that each must get.
///
/// The same table is played against the engine in memory and against a daemon over TLS.
public struct TransactionCase: Sendable {
  public let name: String
  private let script: @Sendable (inout Scene) -> Void

  public init(_ name: String, _ script: @escaping @Sendable (inout Scene) -> Void) {
    self.name = name
    self.script = script
  }

  /// The requests, when the case has this number.
  public func steps(number: UInt64) -> [TransactionStep] {
    var scene = Scene(number: number)
    script(&scene)
    return scene.steps
  }

  /// Whether it moves the clock: not every request arrives at the start.
  public var movesClock: Bool {
    steps(number: 0).contains { $0.serverTime != Fixture.start }
  }

  /// Whether it can be played on a clock that runs: no request stands at a limit of the clock.
  public var holdsOnRunningClock: Bool {
    let nearby: Int64 = 1_000
    return steps(number: 0).allSatisfy { step in
      let age =
        Int64(step.serverTime.milliseconds) - Int64(step.header.transactionTime.milliseconds)
      return step.serverTime == Fixture.start && abs(age) <= nearby
    }
  }

  /// Plays the case and says what went otherwise than expected; nothing when all went well.
  public func mismatches(
    playedOn answering: some Answering, number: UInt64 = 0
  ) throws -> [String] {
    var replies: [[UInt8]] = []
    var mismatches: [String] = []
    for (index, step) in steps(number: number).enumerated() {
      let bytes = try answering.answer(step.frame, from: step.identity, at: step.serverTime)
      let found = step.mismatches(in: bytes, earlier: replies)
      mismatches += found.map { "request \(index) (\(step.body.messageType)): \($0)" }
      replies.append(bytes)
    }
    return mismatches
  }
}

extension TransactionCase: CustomStringConvertible {
  public var description: String { name }
}

extension TransactionStep {
  /// What a reply has otherwise than expected.
  func mismatches(in bytes: [UInt8], earlier: [[UInt8]]) -> [String] {
    let reply: Reply
    do {
      guard let frame = try FrameView(prefixOf: unsafe bytes.span.bytes, .reply),
        frame.byteCount == bytes.count
      else { return ["not one whole frame"] }
      reply = try Reply(frame)
    } catch {
      return ["a reply that breaks the format: \(error)"]
    }
    var mismatches = [
      differs("code", reply.header.code.rawValue, code.rawValue), echoMismatch(reply.header),
    ].compactMap(\.self)
    guard mismatches.isEmpty else { return mismatches }
    mismatches += facts.compactMap { $0.mismatch(in: reply, bytes, earlier: earlier) }
    return mismatches
  }

  /// Every reply repeats the key fields of its request, a refusal too.
  private func echoMismatch(_ reply: ReplyHeader) -> String? {
    let ignored: FrameFlags =
      reply.flags.contains(.storedReply) ? [.storedReply, .repeat, .storedAndForward] : []
    return differs("type", reply.rawRequestType, body.messageType.rawValue)
      ?? differs("environment", reply.rawEnvironment, header.environment.rawValue)
      ?? differs(
        "flags", reply.flags.subtracting(ignored), header.flags.subtracting(ignored))
      ?? differs("trace number", reply.traceNumber, header.traceNumber)
      ?? differs("software", reply.software, header.software)
      ?? differs("terminal", reply.terminal, header.terminal)
      ?? differs("transaction time", reply.transactionTime, header.transactionTime)
      ?? differs("operator", reply.operatorID, header.operatorID)
  }
}
