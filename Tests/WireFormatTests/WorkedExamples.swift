import TransactionModel
import WireFormat

/// The frames of SPECIFICATION.md, "Worked examples", made by the encoders.
///
/// A test installation with its clock set to 2026-11-02 18:00:00 UTC, 10:00 in California.
enum WorkedExamples {
  static let site = SiteID(rawValue: 1_234_567_893)
  static let card = CardScheme.healthAccessNumber(serial: 1_000_000_000_001)
  static let confirmation = ConfirmationNumber(kind: .real, permuted: 0)
  static let day = CalendarDate(trusted: 2026_11_02)
  static let start = Instant(milliseconds: 1_793_642_400_000)

  /// One frame as the specification prints it: the bytes that vary are `nil`.
  struct Example {
    let name: String
    let bytes: [UInt8?]

    /// Two hexadecimal digits for each byte, two dots for one that varies, sixteen to a line.
    var text: String {
      let pairs = bytes.map { byte in
        guard let byte else { return ".." }
        return (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
      return stride(from: 0, to: pairs.count, by: 16).map { start in
        pairs[start..<min(start + 16, pairs.count)].joined(separator: " ")
      }.joined(separator: "\n")
    }
  }

  /// A request and the reply that it gets.
  private static func exchange(
    _ name: String, _ traceNumber: UInt32, _ body: RequestBody, spoiling spoilt: Int? = nil,
    varying: [Field] = [],
    reply: (borrowing FrameView, inout FrameBuffer) -> Void
  ) -> [Example] {
    let header = RequestHeader(
      environment: .test, flags: .keyed,
      traceNumber: SystemTraceAuditNumber(rawValue: traceNumber),
      software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1001),
      transactionTime: start, operatorID: OperatorID(rawValue: 501))
    var sessionHeader = header
    if !MessageLayout.request(body.messageType).flags.contains(.keyed) { sessionHeader.flags = [] }
    var request = FrameBuffer()
    precondition(request.encode(sessionHeader, body), "an example's text is too long")
    var requestBytes = bytes(of: request)
    if let spoilt {
      requestBytes[spoilt] ^= 1
      request.copy(requestBytes, paddedTo: requestBytes.count)
    }
    var answer = FrameBuffer()
    reply(request.frame, &answer)
    var answerBytes = bytes(of: answer).map { Optional($0) }
    for field in varying { for offset in field.range { answerBytes[offset] = nil } }
    return [
      Example(name: "\(name) request", bytes: requestBytes),
      Example(name: "\(name) reply", bytes: answerBytes),
    ]
  }

  private static func bytes(of buffer: borrowing FrameBuffer) -> [UInt8] {
    (0..<buffer.byteCount).map { buffer.byte(at: $0) }
  }

  static let all = refusal + echo + signOn + activation + inquiry

  private static let refusal = exchange(
    "refusal", 1, .inquiry(card: card, dateOfService: day, purpose: .information),
    spoiling: InquiryRequestLayout.card.offset + 13
  ) { request, reply in
    do throws(FormatRefusal) {
      _ = try FrameCheck.checkRequest(request)
    } catch {
      reply.encodeRefusal(
        error.code, field: error.fieldNumber, rule: error.ruleNumber, replyingTo: request)
    }
  }

  private static let echo = exchange(
    "echo", 2, .echo, varying: [EchoReplyLayout.serverTime, EchoReplyLayout.clockDifference]
  ) { request, reply in
    reply.encodeEcho(
      .echo, code: .approved, serverTime: start, clock: .withinAllowance,
      differenceMilliseconds: 0, replyingTo: request)
  }

  private static let signOn = exchange(
    "sign-on", 3,
    .signOn(
      secret: secret("example-501"), newSecret: .none, softwareVersion: "EXAMPLE 1.0",
      highestVersion: 1),
    varying: [
      HeaderLayout.logPosition, SignOnReplyLayout.serverTime, SignOnReplyLayout.newestTraceNumber,
      SignOnReplyLayout.terminalState, SignOnReplyLayout.clockDifference,
    ]
  ) { request, reply in
    reply.encode(
      SignOnReply(
        serverTime: start, newestTraceNumber: 0, framesInFlightMax: 64, operatorIdleSeconds: 1200,
        connectionIdleSeconds: 1800, clockAllowanceSeconds: 60, changeAgeSecondsMax: 900,
        storedAgeSecondsMax: 259_200, policySet: CalendarDate(trusted: 2015_11_01), site: site,
        role: .enrollingClinic, terminalState: .active, clockState: .withinAllowance,
        clockDifferenceMilliseconds: 0),
      code: .approved, replyingTo: request)
  }

  private static let activation = exchange(
    "activate", 4, .activate(Certification(card: card, certificationDate: day, client: client)),
    varying: [HeaderLayout.logPosition, OutcomeLayout.confirmation]
  ) { request, reply in
    var outcome = eligible(.activated)
    outcome.confirmation = confirmation
    reply.encode(outcome, type: .activate, replyingTo: request)
    reply.set(CertifyReplyLayout.incomeLimit, UInt32(3608))
  }

  private static let inquiry = exchange(
    "inquiry", 5, .inquiry(card: card, dateOfService: day, purpose: .information),
    varying: [HeaderLayout.logPosition, InquiryReplyLayout.lastChange]
  ) { request, reply in
    reply.encode(eligible(.eligible), type: .inquiry, replyingTo: request)
    reply.set(InquiryReplyLayout.dateOfService, day)
    reply.set(InquiryReplyLayout.plastic, PlasticState.good.rawValue)
    var shown = client
    shown.remove(.socialSecurityNumber)
    reply.addDemographics(shown, alias: .blank)
  }

  private static func eligible(_ code: ResponseCode) -> Outcome {
    var outcome = Outcome(code)
    outcome.status = .eligible
    outcome.recordVersion = 1
    outcome.periodFirst = day
    outcome.periodLast = CalendarDate(trusted: 2027_11_01)
    outcome.recertificationOpens = CalendarDate(trusted: 2027_09_02)
    outcome.policySet = CalendarDate(trusted: 2015_11_01)
    outcome.incomeTable = CalendarDate(trusted: 2026_04_01)
    outcome.daysLeft = 365
    outcome.hasAidCode = true
    return outcome
  }

  private static let client: ClientForm = {
    var form = ClientForm()
    let texts: [(ClientField, String)] = [
      (.lastName, "Núñez"), (.firstName, "Ana"), (.mothersFirstName, "Rosa"),
    ]
    for (field, text) in texts {
      precondition(form.set(field, to: text), "an example's text is too long")
    }
    let numbers: [(ClientField, UInt32)] = [
      (.birthDate, 1998_05_17), (.zipCode, 958_140_123), (.monthlyIncome, 1800), (.familySize, 2),
      (.liveBirths, 1), (.county, 34), (.sex, 1), (.socialSecurityNumberReason, 3),
      (.primaryLanguage, 2), (.mediCal, 1), (.otherCoverage, 1), (.confidentiality, 2),
      (.contactMethod, 3), (.residence, 1), (.institution, 2), (.need, 1),
      (.providerDetermination, 1),
    ]
    for (field, number) in numbers { form.set(field, to: number) }
    return form
  }()

  private static func secret(_ text: String) -> Secret {
    var secret = Secret.none
    for (index, byte) in text.utf8.enumerated() { secret.bytes[index] = byte }
    return secret
  }
}
