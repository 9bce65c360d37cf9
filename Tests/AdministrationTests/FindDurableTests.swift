import Administration
import Installation
import Support
import Testing
import TransactionModel
import WireFormat

/// Nobody is told what a crash may take back.
@Suite("A page of transactions")
struct FindDurableTests {
  @Test("shows what is durable, and nothing behind it")
  func page() throws {
    let office = try Office()
    for trace in 1...5 as ClosedRange<UInt32> { try inquire(trace, at: office) }
    let records = office.fixture.records
    let last = UInt64(records.count)
    for behind in 0...5 as ClosedRange<UInt64> {
      office.archive.fill(
        records, perPart: 1_000, durable: LogPosition(rawValue: last - behind))
      let question: [String: JSONValue] = ["card": .string(Fixture.card(0).revealed)]
      // Who asks for a later page may name any position.
      let beyond: [String: JSONValue] = ["part": .integer(1), "before": .integer(last + 9)]
      for question in [question, question.merging(beyond) { $1 }] {
        #expect(try count(question, at: office) == 5 - Int(behind))
      }
    }
  }

  private func count(_ question: [String: JSONValue], at office: Office) throws -> Int? {
    guard case .object(let members)? = try office.ask("find", question).result,
      case .array(let entries)? = members["entries"]
    else { return nil }
    return entries.count
  }

  /// Asks for a card in a way that the log keeps.
  private func inquire(_ trace: UInt32, at office: Office) throws {
    let header = RequestHeader(
      environment: Fixture.environment, flags: [],
      traceNumber: SystemTraceAuditNumber(rawValue: trace), software: SoftwareID(rawValue: 1),
      terminal: Speaker.clinic.terminal, transactionTime: Fixture.start,
      operatorID: Speaker.clinic.operatorID)
    let step = TransactionStep(
      header: header, body: Scene.inquire(Fixture.card(0), .verify),
      identity: Speaker.clinic.identity, serverTime: Fixture.start)
    _ = try office.fixture.decide(step.frame, from: step.identity, at: Fixture.start)
  }
}
