import ArgumentParser
import CAllocationCounter
import Foundation
import LinuxSystem
import TransactionModel
import WireFormat

/// Measures, in cache, what the wire format costs a transaction.
struct CodecCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "codec", abstract: "Measure parsing an inquiry and encoding its answer.")

  @Option(help: "How often each is done.") var count = 2_000_000
  @OptionGroup var output: ResultOptions

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count is at least 1") }
  }

  func run() throws {
    var request = FrameBuffer()
    let isEncoded = request.encode(
      RequestHeader(
        environment: .test, flags: [], traceNumber: SystemTraceAuditNumber(rawValue: 1),
        software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1_001),
        transactionTime: Instant(milliseconds: 1_790_000_000_000),
        operatorID: OperatorID(rawValue: 501)),
      .inquiry(
        card: CardScheme.healthAccessNumber(serial: 1_000_000_000_001),
        dateOfService: CalendarDate(trusted: 2026_10_01), purpose: .information))
    precondition(isEncoded, "an inquiry that does not fit")
    var reply = FrameBuffer()
    let client = SampleClient.form
    _ = measure("parse and check an inquiry") { _ in Self.parse(request) }
    _ = measure("encode its answer") { turn in Self.encode(into: &reply, request, client, turn) }
    let nanoseconds = measure("both") { turn in
      Self.parse(request) &+ Self.encode(into: &reply, request, client, turn)
    }
    try output.note(.codec, nanoseconds)
  }

  /// Prints time and allocations for each turn, and gives the time; the sum of what `body` gives
  /// keeps it from being left out.
  private func measure(_ name: String, _ body: (Int) -> UInt64) -> Double {
    var sum: UInt64 = 0
    for turn in 0..<min(count, 10_000) { sum &+= body(turn) }
    let allocationsBefore = CAllocationCounter_count()
    let start = CurrentProcess.processorTimeNanoseconds
    for turn in 0..<count { sum &+= body(turn) }
    let nanoseconds = Double(CurrentProcess.processorTimeNanoseconds - start) / Double(count)
    let allocations = Double(CAllocationCounter_count() - allocationsBefore) / Double(count)
    let figures = String(format: "%.1f ns, %.2f allocations", nanoseconds, allocations)
    print("\(name): \(figures) (\(count) times, \(sum % 10))")
    return nanoseconds
  }

  @inline(never)
  private static func parse(_ request: borrowing FrameBuffer) -> UInt64 {
    do {
      guard let frame = try FrameView(prefixOf: request.bytes, .request) else { return 0 }
      let type = try FrameCheck.checkRequest(frame)
      let inquiry = InquiryRequestView(frame)
      return inquiry.card.low &+ UInt64(inquiry.dateOfService.yyyymmdd) &+ UInt64(type.rawValue)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  @inline(never)
  private static func encode(
    into reply: inout FrameBuffer, _ request: borrowing FrameBuffer, _ client: ClientForm,
    _ turn: Int
  ) -> UInt64 {
    var outcome = Outcome(.eligible)
    outcome.status = .eligible
    outcome.recordVersion = UInt32(truncatingIfNeeded: turn)
    outcome.periodFirst = CalendarDate(trusted: 2026_07_01)
    outcome.periodLast = CalendarDate(trusted: 2027_06_30)
    outcome.hasAidCode = true
    reply.encode(outcome, type: .inquiry, replyingTo: request.frame)
    reply.set(InquiryReplyLayout.dateOfService, CalendarDate(trusted: 2026_10_01))
    reply.set(InquiryReplyLayout.lastChange, Instant(milliseconds: 1_789_000_000_000))
    reply.addDemographics(client, alias: .blank)
    return UInt64(reply.byte(at: OutcomeLayout.recordVersion.offset + 3))
  }
}
