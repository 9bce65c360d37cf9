import TransactionModel

@testable import WireFormat

extension ValidVector {
  /// A reply to a request vector, as a server encodes it.
  private init(
    _ name: String, to request: String, at position: UInt64 = 0, showing display: DisplayText?,
    _ encode: (inout FrameBuffer, borrowing FrameView) -> Void
  ) {
    guard let request = Self.requests.first(where: { $0.name == request }) else {
      preconditionFailure("\(name) answers no vector")
    }
    self.init(
      name: name, replyingTo: request.bytes, at: position, showing: display, encode)
  }

  private init(
    name: String, replyingTo request: [UInt8], at position: UInt64 = 0,
    showing display: DisplayText?,
    _ encode: (inout FrameBuffer, borrowing FrameView) -> Void
  ) {
    var received = FrameBuffer()
    received.copy(request, paddedTo: request.count)
    var buffer = FrameBuffer()
    encode(&buffer, received.frame)
    buffer.set(HeaderLayout.logPosition, position)
    // The vectors hold their own lines, so that they do not change with the table of codes.
    if let display, let type = received.frame.messageType {
      let (line1, line2) = DisplayLines.fields(type)
      buffer.set(line1, line2, display)
    }
    self.init(name: name, direction: .reply, bytes: buffer.array)
  }

  static let replies =
    sessionReplies + inquiryReplies + certifyReplies + otherReplies + lastReplies + refusals

  private static let sessionReplies = [
    ValidVector("sign_on_reply", to: "sign_on", at: 6, showing: DisplayText("APPROVED", "")) {
      $0.encode(signOn, code: .approved, replyingTo: $1)
    },
    ValidVector(
      "echo_reply_clock_off", to: "echo", showing: DisplayText("APPROVED", "CHECK THE CLOCK")
    ) {
      $0.encodeEcho(
        .echo, code: .approvedClockOff, serverTime: Instant(milliseconds: 1_776_270_000_000),
        clock: .terminalAhead, differenceMilliseconds: 600_000, replyingTo: $1)
    },
    ValidVector("sign_off_reply", to: "sign_off", at: 7, showing: DisplayText("APPROVED", "")) {
      $0.encodeEcho(
        .signOff, code: .approved, serverTime: Sample.time, clock: .withinAllowance,
        differenceMilliseconds: 0, replyingTo: $1)
    },
  ]

  private static let signOn = SignOnReply(
    serverTime: Instant(milliseconds: 1_776_270_600_250), newestTraceNumber: 19,
    framesInFlightMax: 64, operatorIdleSeconds: 1_200, connectionIdleSeconds: 3_600,
    clockAllowanceSeconds: 300, changeAgeSecondsMax: 900, storedAgeSecondsMax: 259_200,
    policySet: CalendarDate(trusted: 2015_11_01), site: Sample.site, role: .enrollingClinic,
    terminalState: .active, clockState: .withinAllowance, clockDifferenceMilliseconds: 250)

  /// What is said of a card that is eligible for a year.
  private static func eligible(_ code: ResponseCode, version: UInt32) -> Outcome {
    var outcome = Outcome(code)
    outcome.status = .eligible
    outcome.recordVersion = version
    outcome.periodFirst = Sample.day
    outcome.periodLast = CalendarDate(trusted: 2027_04_14)
    outcome.recertificationOpens = CalendarDate(trusted: 2027_03_15)
    outcome.policySet = CalendarDate(trusted: 2015_11_01)
    outcome.incomeTable = CalendarDate(trusted: 2026_04_01)
    outcome.daysLeft = 364
    outcome.aidCode = .healthAccess
    return outcome
  }

  private static func confirmation(
    _ kind: ConfirmationNumber.Kind, _ permuted: UInt64
  ) -> ConfirmationNumber {
    ConfirmationNumber(kind: kind, permuted: permuted)
  }

  private static let inquiryReplies = [
    ValidVector(
      "inquiry_reply_demographics", to: "inquiry_swiped", at: 9,
      showing: DisplayText("ELIGIBLE", "THROUGH 2027-04-14")
    ) {
      $0.encode(eligible(.eligible, version: 3), type: .inquiry, replyingTo: $1)
      $0.set(InquiryReplyLayout.lastChange, Sample.time)
      $0.set(InquiryReplyLayout.dateOfService, Sample.day)
      $0.set(InquiryReplyLayout.plastic, PlasticState.good.rawValue)
      $0.addDemographics(Sample.accentedForm, alias: .blank)
    },
    ValidVector(
      "inquiry_reply_merged_all_fields", to: "inquiry_swiped", at: 9,
      showing: DisplayText("ELIGIBLE, NEW NUMBER", "THROUGH 2027-04-14")
    ) {
      var outcome = eligible(.cardMerged, version: 8)
      outcome.notices = [.possibleDuplicateClient, .renewalWaiting]
      $0.encode(outcome, type: .inquiry, replyingTo: $1)
      $0.set(InquiryReplyLayout.dateOfService, Sample.day)
      $0.addDemographics(Sample.wholeForm, alias: Sample.otherCard)
    },
    ValidVector(
      "inquiry_reply_no_information_spanish", to: "inquiry_keyed_benefits_card_spanish",
      showing: DisplayText("SIN INFORMACION", "PREGUNTE EN CLINICA")
    ) {
      $0.encode(Outcome(.noInformation), type: .inquiry, replyingTo: $1)
    },
    ValidVector(
      "inquiry_reply_verified_training_stored", to: "inquiry_verify_training", at: 11,
      showing: DisplayText("NOT ELIGIBLE ON DATE", "ENDED 2024-02-28")
    ) {
      var outcome = Outcome(.notEligibleOnDate)
      outcome.status = .notEligible
      outcome.deactivationReason = DeactivationReason.mediCal.rawValue
      outcome.periodLast = CalendarDate(trusted: 2024_02_28)
      outcome.confirmation = confirmation(.training, 0x0FED_CBA9_8765_4321)
      $0.encode(outcome, type: .inquiry, replyingTo: $1)
      $0.set(InquiryReplyLayout.dateOfService, CalendarDate(trusted: 2024_02_29))
      $0.set(InquiryReplyLayout.deactivationSubReason, DeactivationSubReason.pregnancy.rawValue)
      $0.insert(.storedReply)
    },
  ]

  private static let certifyReplies = [
    ValidVector(
      "activate_reply", to: "activate_required_fields_no_income", at: 10,
      showing: DisplayText("ACTIVATED", "THROUGH 2027-04-14")
    ) {
      var outcome = eligible(.activated, version: 1)
      outcome.confirmation = confirmation(.real, 0x0123_4567_89AB_CDEF)
      $0.encode(outcome, type: .activate, replyingTo: $1)
      $0.set(CertifyReplyLayout.incomeLimit, UInt32(2_660))
    },
    ValidVector(
      "activate_reply_claims_possible_duplicate", to: "activate_all_fields_claims", at: 12,
      showing: DisplayText("ACTIVATED", "THROUGH 2027-04-14")
    ) {
      var outcome = eligible(.activated, version: 1)
      outcome.confirmation = confirmation(.real, (1 << 60) - 1)
      outcome.notices = .possibleDuplicateClient
      $0.encode(outcome, type: .activate, replyingTo: $1)
      $0.set(CertifyReplyLayout.candidate, Sample.card)
      $0.set(CertifyReplyLayout.claim1, ClaimDecision.eligible.rawValue)
      $0.set(CertifyReplyLayout.claim3, ClaimDecision.notEligible.rawValue)
      $0.set(CertifyReplyLayout.incomeLimit, UInt32(4_554))
    },
    ValidVector(
      "recertify_reply_ineligible_twice_over", to: "recertify_stored_and_forward_repeated", at: 13,
      showing: DisplayText("NOT ELIGIBLE", "INCOME OVER LIMIT")
    ) {
      var outcome = Outcome(.ineligibleIncome)
      outcome.status = .notEligible
      outcome.failedCriteria = [.income, .otherCoverage]
      outcome.recordVersion = 4
      outcome.confirmation = confirmation(.real, 0)
      outcome.notices = [.deactivationDue, .fairHearing]
      $0.encode(outcome, type: .recertify, replyingTo: $1)
      $0.set(CertifyReplyLayout.incomeLimit, UInt32(4_554))
    },
  ]

  private static let otherReplies = [
    ValidVector(
      "update_reply_version_conflict", to: "update_set_and_cleared", at: 14,
      showing: DisplayText("RECORD HAS CHANGED", "INQUIRE, DO IT AGAIN")
    ) {
      var outcome = Outcome(.versionConflict)
      outcome.recordVersion = 3
      $0.encode(outcome, type: .update, replyingTo: $1)
      $0.set(UpdateReplyLayout.lastChangeSite, Sample.site.rawValue)
      $0.set(UpdateReplyLayout.lastChange, Sample.time)
    },
    ValidVector(
      "deactivate_reply", to: "deactivate_pregnancy", at: 15,
      showing: DisplayText("DEACTIVATED", "LAST DAY 2026-04-15")
    ) {
      var outcome = Outcome(.deactivated)
      outcome.status = .notEligible
      outcome.deactivationReason = DeactivationReason.mediCal.rawValue
      outcome.recordVersion = 3
      outcome.periodFirst = Sample.day
      outcome.periodLast = Sample.day
      outcome.confirmation = confirmation(.real, 1)
      $0.encode(outcome, type: .deactivate, replyingTo: $1)
    },
    ValidVector(
      "reverse_reply_remembered", to: "reverse", at: 16,
      showing: DisplayText("CANCELLED", "NOTHING TO UNDO")
    ) {
      var outcome = Outcome(.reversalRemembered)
      outcome.confirmation = confirmation(.real, 2)
      $0.encode(outcome, type: .reverse, replyingTo: $1)
      $0.set(ReverseReplyLayout.originalTraceNumber, UInt32(20))
    },
    ValidVector(
      "reverse_reply", to: "reverse", at: 17, showing: DisplayText("CANCELLED", "CHANGE UNDONE")
    ) {
      var outcome = Outcome(.reversed)
      outcome.status = .neverActivated
      outcome.recordVersion = 2
      outcome.confirmation = confirmation(.real, 3)
      $0.encode(outcome, type: .reverse, replyingTo: $1)
      $0.set(ReverseReplyLayout.originalTraceNumber, UInt32(20))
      $0.set(ReverseReplyLayout.originalCode, ResponseCode.activated.rawValue)
    },
  ]

  private static let lastReplies = [
    last("last_reply_change", of: certifyReplies[0].bytes, to: "last_newest"),
    last("last_reply_inquiry", of: inquiryReplies[3].bytes, to: "last_by_number"),
    ValidVector(
      "last_reply_none", to: "last_by_number", showing: DisplayText("NO STORED ANSWER", "")
    ) {
      $0.begin(LastReplyLayout.byteCount, replyingTo: $1, .noStoredAnswer)
      $0.set(LastReplyLayout.serverTime, Sample.time)
    },
  ]

  private static func last(_ name: String, of stored: [UInt8], to request: String) -> ValidVector {
    ValidVector(name, to: request, at: 18, showing: DisplayText("APPROVED", "")) {
      let kept = stored.prefix(FrameBuffer.storedByteCountMax)
      $0.begin(LastReplyLayout.byteCount, replyingTo: $1, .approved)
      $0.set(LastReplyLayout.newestTraceNumber, UInt32(20))
      $0.set(LastReplyLayout.storedByteCount, UInt16(kept.count))
      $0.set(LastReplyLayout.serverTime, Sample.time)
      for (index, byte) in kept.enumerated() {
        $0.setByte(byte, at: LastReplyLayout.storedReply.offset + index)
      }
    }
  }

  private static let refusals = [
    ValidVector("refusal_format", to: "inquiry_swiped", showing: nil) {
      $0.encodeRefusal(
        .dateImpossible, field: InquiryRequestLayout.dateOfService.number, rule: 8,
        replyingTo: $1)
    },
    ValidVector("refusal_authority", to: "activate_accented_training_spanish", showing: nil) {
      $0.encodeRefusal(.operatorNotSignedOn, replyingTo: $1)
    },
    ValidVector("refusal_sequence", to: "deactivate_training", showing: nil) {
      $0.encodeRefusal(.traceNumberReused, replyingTo: $1)
    },
    ValidVector("refusal_system_retry", to: "update_set_and_cleared", showing: nil) {
      $0.encodeRefusal(.busy, retryAfterMilliseconds: 2_000, replyingTo: $1)
    },
    ValidVector(
      name: "refusal_of_unknown_type", replyingTo: changed("echo", at: 3, to: 0x40), showing: nil
    ) {
      $0.encodeRefusal(
        .messageTypeUnknown, field: HeaderLayout.messageType.number, rule: 3, replyingTo: $1)
    },
    ValidVector(
      name: "refusal_of_unknown_version", replyingTo: changed("echo", at: 2, to: 9), showing: nil
    ) {
      $0.encodeRefusal(
        .versionUnknown, field: HeaderLayout.version.number, rule: 2, replyingTo: $1)
    },
  ]

  private static func changed(_ name: String, at offset: Int, to byte: UInt8) -> [UInt8] {
    guard var bytes = requests.first(where: { $0.name == name })?.bytes else { return [] }
    bytes[offset] = byte
    return bytes
  }
}
