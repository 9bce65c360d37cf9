import TransactionModel
import WireFormat

extension ReceiptPaper {
  /// What a reply says beside its code.
  mutating func add(
    _ message: ReplyMessage, _ phrases: ReceiptPhrases, namesProgram: Bool, isSpanish: Bool
  ) {
    switch message {
    case .signOn(let reply):
      add(phrases.serverTime, Receipt.localTime(of: reply.serverTime))
      add(phrases.newestTraceNumber, "\(reply.newestTraceNumber)")
    case .signOff(let reply), .echo(let reply):
      add(phrases.serverTime, Receipt.localTime(of: reply.serverTime))
    case .inquiry(let reply):
      add(reply.outcome, phrases, namesProgram: namesProgram)
      if let alias = reply.alias { add(phrases.numberToUse, alias.description) }
    case .activate(let reply), .recertify(let reply):
      add(reply.outcome, phrases, namesProgram: namesProgram)
      addLimit(reply.incomeLimit, phrases)
      if let candidate = reply.candidate { add(phrases.otherCard, candidate.description) }
      add(claims: reply.claims, phrases)
    case .update(let reply):
      add(reply.outcome, phrases, namesProgram: namesProgram)
      addLimit(reply.incomeLimit, phrases)
      guard reply.outcome.code == .versionConflict else { return }
      add(phrases.changedBy, "\(reply.lastChangeSite.rawValue)")
      add(phrases.changedAt, Receipt.localTime(of: reply.lastChange))
    case .deactivate(let outcome):
      add(outcome, phrases, namesProgram: namesProgram)
    case .reverse(let reply):
      add(phrases.original, "\(reply.originalTraceNumber.rawValue)")
      add(reply.outcome, phrases, namesProgram: namesProgram)
    case .last(let reply):
      add(phrases.newestTraceNumber, "\(reply.newestTraceNumber)")
      add(stored: reply, phrases, isSpanish: isSpanish)
    case .refusal(let refusal):
      add(refusal, phrases)
    }
  }

  private mutating func add(
    _ outcome: Outcome, _ phrases: ReceiptPhrases, namesProgram: Bool
  ) {
    let reasons = phrases.reasons(outcome.failedCriteria)
    if !reasons.isEmpty {
      add(phrases.reasons)
      for reason in reasons { add("- " + reason, indent: 2) }
    }
    if !outcome.periodFirst.isNone { add(phrases.firstDay, outcome.periodFirst.description) }
    if !outcome.periodLast.isNone { add(phrases.lastDay, outcome.periodLast.description) }
    if outcome.daysLeft > 0 { add(phrases.daysLeft, "\(outcome.daysLeft)") }
    if !outcome.recertificationOpens.isNone {
      add(phrases.renewal, outcome.recertificationOpens.description)
    }
    // The aid code is the program's own, so it names the program too.
    if outcome.hasAidCode, namesProgram { add("Aid code", outcome.aidCode.description) }
    if outcome.recordVersion > 0 { add(phrases.recordVersion, "\(outcome.recordVersion)") }
    if let confirmation = outcome.confirmation {
      add(phrases.confirmation, confirmation.description)
    }
    if outcome.notices.contains(.renewalWaiting) { add(phrases.renewalWaiting) }
    if outcome.notices.contains(.deactivationDue) { add(phrases.deactivationDue) }
    if outcome.notices.contains(.fairHearing) { add(phrases.hearingNotice) }
    if outcome.notices.contains(.decidedByHearing) { add(phrases.decidedByHearing) }
  }

  private mutating func addLimit(_ limit: UInt32, _ phrases: ReceiptPhrases) {
    if limit > 0 { add(phrases.incomeLimit, "$\(limit)") }
  }

  private mutating func add(claims: [ClaimDecision], _ phrases: ReceiptPhrases) {
    for (slot, claim) in claims.enumerated() where claim != .notClaimed {
      let outcome = phrases.retroactiveOutcomes[Int(claim.rawValue)]
      add("\(phrases.retroactiveMonth) -\(slot + 1)", outcome)
    }
  }

  private mutating func add(_ refusal: Refusal, _ phrases: ReceiptPhrases) {
    if refusal.fieldNumber != 0 { add(phrases.field, "\(refusal.fieldNumber)") }
    if refusal.retryAfterMilliseconds > 0 {
      add(phrases.retryAfter, "\((refusal.retryAfterMilliseconds + 999) / 1_000) s")
    }
  }

  /// The answer that was asked for again; a stored reply that cannot be read is left out.
  private mutating func add(stored last: LastReply, _ phrases: ReceiptPhrases, isSpanish: Bool) {
    guard let reply = try? last.decodeStoredReply() else { return }
    let type = MessageType(rawValue: reply.header.rawRequestType)
    addBlank()
    add(
      type.flatMap { phrases.titles[$0] } ?? "",
      "\(phrases.traceNumber) \(reply.header.traceNumber.rawValue)")
    add(Receipt.localTime(of: reply.header.transactionTime))
    let code = reply.header.code
    add("\(phrases.verdicts[Verdict(code)] ?? "")  \(code.rawValue)")
    add(CodeTable.entry(for: code).text(spanish: isSpanish))
    if case .last = reply.message { return }
    add(reply.message, phrases, namesProgram: false, isSpanish: isSpanish)
  }
}
