"""Faults of the audit log and of who may see what: entries, readings, look-ups, gaps, proofs."""

TRAIL = "Sources/AuditTrail/"
SERVER = "Sources/TransactionServer/"
OFFICE = "Sources/Administration/"
POSD = "Sources/posd/"
ENTERED = "TransactionServerTests.Audit"
TALLY = "TransactionServerTests.(HandshakeTally|AuditTests)"
READING = "AdministrationTests.Audit"
FIND = "AdministrationTests.Find"
DAEMON = "EndToEndTests.Audit"
# name, file, what stands there, what is put there, the tests that should fail
FAULTS = [
    # The trail
    ("room-not-reserved", TRAIL + "AuditTrail.swift",
     "(state.reservedCount + count) * Self", "count * Self", "AuditTrailTests.AuditTrail"),
    ("promised-room-given-away", TRAIL + "AuditTrail.swift",
     "reserved + byteCountMax + 8", "0 * reserved + byteCountMax + 8",
     "AuditTrailTests.AuditTrail"),
    ("time-goes-back", TRAIL + "AuditTrail.swift",
     "max(now.milliseconds, batch.newestServerTimeMilliseconds)", "now.milliseconds",
     "AuditTrailTests.AuditTrail"),
    # Its retention
    ("age-of-the-oldest-entry", "Sources/WriteAheadLog/LogExpiry.swift",
     "guard next.newestServerTimeMilliseconds <", "guard header.newestServerTimeMilliseconds <",
     "AuditTrailTests.AuditLog"),
    ("clock-ahead-believed", "Sources/WriteAheadLog/LogExpiry.swift",
     "min(now.milliseconds, catalog.begun.last?.newestServerTimeMilliseconds ?? 0)",
     "now.milliseconds", "AuditTrailTests.AuditLog"),
    ("period-of-the-other-log", POSD + "AuditService.swift",
     "configuration.auditRetentionDays", "configuration.logRetentionDays", DAEMON),
    # What is entered
    ("malformed-request-not-entered", SERVER + "Reactor+Receive.swift",
     "rule: error.ruleNumber, replyingTo: frame)\n      return enter(frame, Disposition(), "
     "isLookedUp: false, of: connection)",
     "rule: error.ruleNumber, replyingTo: frame)\n      return DurableNeed.none", ENTERED),
    ("expired-certificate-not-entered", SERVER + "Reactor+Receive.swift",
     "reply.encodeRefusal(.certificateExpired, replyingTo: frame)\n      return enter(frame, "
     "Disposition(), isLookedUp: false, of: connection)",
     "reply.encodeRefusal(.certificateExpired, replyingTo: frame)\n      return DurableNeed.none",
     ENTERED),
    ("refusal-not-entered", SERVER + "Reactor+Audit.swift",
     "guard !isEcho || reply.frame.responseCode.isRefusal else",
     "guard isEcho == reply.frame.responseCode.isRefusal else", ENTERED),
    ("refused-echo-not-entered", SERVER + "Reactor+Audit.swift",
     "guard !isEcho || reply.frame.responseCode.isRefusal else", "guard !isEcho else", ENTERED),
    ("answer-told-again-not-entered", SERVER + "Reactor+Audit.swift",
     "guard !isEcho || reply.frame.responseCode.isRefusal else",
     "guard !isEcho || reply.frame.responseCode.isRefusal, "
     "!reply.frame.flags.contains(.storedReply) else", ENTERED),
    ("refused-sign-on-not-entered", SERVER + "Reactor+Audit.swift",
     "guard !isEcho || reply.frame.responseCode.isRefusal else",
     "guard !isEcho || reply.frame.responseCode.isRefusal, frame.messageType != .signOn else",
     ENTERED),
    ("replied-before-the-entry-is-durable", SERVER + "Reactor+Audit.swift",
     "    if audit.holdsReplies { need.audit = position }\n", "    _ = position\n", ENTERED),
    ("one-log-is-enough", SERVER + "DurableNeed.swift",
     "state <= durable.state && audit", "state <= durable.state || audit", ENTERED),
    ("served-without-room-on-the-disk", SERVER + "Reactor+Audit.swift",
     "    guard audit.isTakingEntries else { return isEcho ? .ready : .closed }\n", "", ENTERED),
    ("handshakes-entered-one-by-one", SERVER + "HandshakeTally.swift",
     "end = now + milliseconds", "end = now", TALLY),
    ("handshakes-not-counted", SERVER + "HandshakeThread.swift",
     "    tally.count(reason, from: peer, now: now, at: clock.now)\n", "", TALLY),
    ("addresses-not-gathered", TRAIL + "AuditHandshakes.swift",
     "self.bits = (bits >> rest) << rest", "self.bits = bits; _ = rest", TALLY),
    # Who may read it, and what is kept of that
    ("masked-reading-shows-the-card", OFFICE + "AuditFinding.swift",
     "isRevealing ? card.revealed : card.description", "card.revealed", READING),
    ("masked-reading-shows-the-reason", OFFICE + "AuditFinding.swift",
     "if isRevealing, !command.reason.isEmpty", "if !command.reason.isEmpty", READING),
    ("unmasked-for-the-help-desk", OFFICE + "ControlCommand.swift",
     "case .status, .find,", "case .status, .readAudit, .find,", READING),
    ("unmasked-without-a-reason", OFFICE + "Administrator+Audit.swift",
     "guard AuditQuestion.isReason(reason) else", "guard !reason.isEmpty else", READING),
    ("unmasked-before-it-is-entered", OFFICE + "Administrator+Audit.swift",
     "guard seam.audit.enterDurably(entry) else",
     "guard seam.audit.enterDurably(entry) || !reason.isEmpty else", READING),
    ("page-for-another-user", OFFICE + "AuditReadings.swift",
     ", reading.user == user else {", " else {", READING),
    ("told-what-is-not-entered", OFFICE + "Administrator.swift",
     "if !seam.onCommand(event), event.failure == nil {",
     "if !seam.onCommand(event), event.failure != nil {", READING),
    ("command-while-nothing-is-entered", OFFICE + "Administrator.swift",
     "      try checkAudit(command)\n", "", READING),
    ("commands-not-entered", POSD + "ControlSocket+Start.swift",
     "onCommand: { audit.enter($0) }", "onCommand: { _ in true }", DAEMON),
    ("missing-log-begun-in-silence", POSD + "Daemon.swift",
     "if beginsAudit { try", "do { try", DAEMON),
    # Looking things up
    ("number-found-before-it-is-durable", OFFICE + "TransactionFinder.swift",
     "position > .zero, position <= durable,", "position > .zero,", FIND),
    ("page-shows-what-is-not-durable", OFFICE + "TransactionFinder.swift",
     "through: min(durable, last)", "through: last", FIND),
    ("reversal-told-before-it-is-durable", OFFICE + "TransactionFinder.swift",
     "    if case .reversed(let position) = state, position > durable { return .notReversed }\n", "",
     FIND),
    ("gap-filled-twice", "Sources/TransactionEngine/TraceNumberGaps.swift",
     "    guard !self[ordinal] else { return }\n", "", "TransactionEngineTests.TraceNumberGaps"),
    ("older-head-proves-a-newer-number", "Sources/posctl/ConfirmationProof.swift",
     "guard position <= head.position else", "guard position <= position else",
     "EndToEndTests.FindTests/found"),
    ("record-of-another-number-proves", "Sources/posctl/ConfirmationProof.swift",
     "?.confirmation == number", "?.confirmation != nil", "EndToEndTests.FindTests/found"),
]
