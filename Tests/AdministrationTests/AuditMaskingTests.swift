import Administration
import AuditTrail
import Installation
import Testing
import TransactionModel
import WireFormat
import WriteAheadLog

/// What a reading shows of numbers and reasons.
@Suite("A finding of the audit log")
struct AuditMaskingTests {
  private static let card = CardScheme.healthAccessNumber(serial: 1_000_000_000_001)
  private static let reason = "Maria Rivera complains"

  /// An entry of each kind that may name a client.
  private func findings() -> [AuditFinding] {
    let trail = AuditTrail(
      after: .zero, newestServerTimeMilliseconds: 0, commitsAtOnce: false,
      stateLogPosition: { .zero })
    let now = Instant(milliseconds: 1_775_000_000_000)
    _ = trail.reserve(1)
    _ = trail.enter(
      AuditRequest(
        terminal: TerminalID(rawValue: 1_001), operatorID: OperatorID(rawValue: 501),
        speaker: .terminal(TerminalID(rawValue: 1_001)), position: .zero, card: Self.card,
        traceNumber: SystemTraceAuditNumber(rawValue: 1),
        messageType: MessageType.inquiry.rawValue, code: .eligible, flags: [], marks: []),
      at: now)
    var command = AuditCommand(user: 4_002, role: .office, name: "audit.read", outcome: .begun)
    (command.subject, command.card, command.reason) = (.card, Self.card, Self.reason)
    _ = trail.enter(command, at: now)
    var batch = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    trail.exchangeStagedBatch(&batch)
    var findings: [AuditFinding] = []
    batch.forEachRecord { record in
      if let entry = AuditEntry(record) { findings.append(AuditFinding(entry)) }
    }
    return findings
  }

  @Test("shows the end of a number and no reason, unless it is to reveal them")
  func masked() {
    let findings = findings()
    #expect(findings.count == 2)
    for finding in findings {
      let masked = finding.members(isRevealing: false)
      #expect(masked["card"] == .string(Self.card.description) && masked["reason"] == nil)
      let line = JSONValue.object(masked).line
      #expect(!line.contains(Self.card.revealed) && !line.contains("Rivera"))
      #expect(finding.members(isRevealing: true)["card"] == .string(Self.card.revealed))
    }
    #expect(findings.last?.members(isRevealing: true)["reason"] == .string(Self.reason))
  }
}
