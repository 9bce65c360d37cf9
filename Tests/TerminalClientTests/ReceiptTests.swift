import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("Receipt")
struct ReceiptTests {
  private static let card = CardScheme.healthAccessNumber(serial: 1_000_000_000_001)
  private static let clinic = ReceiptSite(
    id: SiteID(rawValue: 1_234_567_893), name: "Mission Street Test Clinic")

  private static func form(confidentiality: UInt32?) -> ClientForm {
    var form = ClientForm()
    let isSet = form.set(.lastName, to: "DELGADO")
    #expect(isSet)
    form.set(.socialSecurityNumber, to: 123_45_6789)
    if let confidentiality { form.set(.confidentiality, to: confidentiality) }
    return form
  }

  private static func request(_ body: RequestBody, _ flags: FrameFlags = []) -> TerminalRequest {
    TerminalRequest(
      header: RequestHeader(
        environment: .test, flags: flags, traceNumber: SystemTraceAuditNumber(rawValue: 12),
        software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1_001),
        transactionTime: Instant(milliseconds: 1_776_272_709_000),
        operatorID: OperatorID(rawValue: 501)),
      body: body)
  }

  private static func activation(
    confidentiality: UInt32? = 2, _ flags: FrameFlags = []
  ) -> TerminalRequest {
    request(
      .activate(
        Certification(
          card: card, certificationDate: CalendarDate(trusted: 2026_04_15),
          client: form(confidentiality: confidentiality))),
      flags)
  }

  /// The reply with an outcome, through its bytes.
  private static func reply(
    _ outcome: Outcome, to request: TerminalRequest, client: ClientForm? = nil
  ) throws -> Reply {
    var sent = FrameBuffer()
    let fits = sent.encode(request.header, request.body)
    #expect(fits)
    var answered = FrameBuffer()
    if outcome.code.isRefusal {
      answered.encodeRefusal(
        outcome.code, field: 20, rule: 12, retryAfterMilliseconds: 1_500, replyingTo: sent.frame)
    } else {
      answered.encode(outcome, type: request.body.messageType, replyingTo: sent.frame)
      if let client { answered.addDemographics(client, alias: .blank) }
    }
    return try Reply(answered.frame)
  }

  private static var activated: Outcome {
    var outcome = Outcome(.activated)
    outcome.status = .eligible
    outcome.periodFirst = CalendarDate(trusted: 2026_04_15)
    outcome.periodLast = CalendarDate(trusted: 2027_04_14)
    outcome.recertificationOpens = CalendarDate(trusted: 2027_02_15)
    outcome.daysLeft = 365
    outcome.recordVersion = 1
    outcome.aidCode = .healthAccess
    outcome.confirmation = ConfirmationNumber(kind: .real, permuted: 0x123_4567_89AB_CDEF)
    return outcome
  }

  @Test("says of an activation what the client must know")
  func activation() throws {
    let request = Self.activation()
    let receipt = Receipt(request, try Self.reply(Self.activated, to: request), site: Self.clinic)
    #expect(
      receipt.text == """
        ----------------------------------------
                 HEALTH ACCESS PROGRAMS
               Mission Street Test Clinic
        Site 1234567893            Terminal 1001
        Operator 501                     STAN 12
        2026-04-15 10:05:09 PDT
        ----------------------------------------
                       ACTIVATION
        Card                      **********0016

        APPROVED  3502
        You are eligible and your card is
        active. Please keep the card: its number
        is yours for life.

        Eligible from                 2026-04-15
        Eligible through              2027-04-14
        Days left                            365
        Renewal from                  2027-02-15
        Aid code                              8H
        Record version                         1
        Confirmation              R28T5CY4TQKFFC
        ----------------------------------------

        """)
  }

  @Test("names every criterion that failed, in the client's language")
  func ineligible() throws {
    let request = Self.activation(confidentiality: 1, [.spanish, .keyed])
    var outcome = Outcome(.ineligibleIncome)
    outcome.failedCriteria = [.income, .otherCoverage]
    outcome.notices = .fairHearing
    let text = Receipt(request, try Self.reply(outcome, to: request), site: Self.clinic).text
    for line in [
      "ACTIVACIÓN", "NO APROBADA  3011", "Razones:", "- ingreso mayor que el límite",
      "- cubierto por otro seguro", "[ ] Aviso de audiencia entregado",
    ] {
      #expect(text.split(separator: "\n").contains { $0.contains(line) }, "\(line)")
    }
  }

  @Test("names the program only where the client wants no confidentiality", arguments: [nil, 1, 2])
  func confidentiality(wish: UInt32?) throws {
    let isOpen = wish == 2
    let activation = Self.activation(confidentiality: wish)
    var inquired = Self.activated
    inquired.code = .eligible
    let inquiry = Self.request(
      .inquiry(
        card: Self.card, dateOfService: CalendarDate(trusted: 2026_04_15), purpose: .information))
    let receipts = [
      Receipt(activation, try Self.reply(Self.activated, to: activation)),
      Receipt(
        inquiry,
        try Self.reply(inquired, to: inquiry, client: Self.form(confidentiality: wish))),
    ]
    for receipt in receipts {
      #expect(receipt.text.contains(Receipt.programName) == isOpen)
      #expect(receipt.text.contains("8H") == isOpen)
      #expect(!receipt.text.contains("DELGADO") && !receipt.text.contains("6789"))
    }
    let unknown = Receipt(inquiry, try Self.reply(inquired, to: inquiry))
    #expect(!unknown.text.contains(Receipt.programName) && !unknown.text.contains("8H"))
  }

  @Test("shows the whole card number only when asked", arguments: [false, true])
  func card(revealed: Bool) throws {
    let request = Self.activation()
    let reply = try Self.reply(Self.activated, to: request)
    let text = Receipt(request, reply, revealsCard: revealed).text
    #expect(text.contains(Self.card.revealed) == revealed)
  }

  @Test("keeps to 40 columns for every code, in both languages", arguments: [false, true])
  func columns(spanish: Bool) throws {
    let request = Self.activation(spanish ? [.spanish, .training] : .training)
    for entry in CodeTable.entries + CodeTable.classes {
      guard let code = entry.code else { continue }
      var outcome = Self.activated
      outcome.code = code
      outcome.failedCriteria = FailedCriteria(rawValue: FailedCriteria.mask)
      let reply = try Self.reply(outcome, to: request)
      let text = Receipt(request, reply, site: Self.clinic).text
      for line in text.split(separator: "\n") {
        #expect(line.count <= Receipt.columnCount, "\(code.rawValue): \(line)")
      }
      let words = entry.text(spanish: spanish).split(separator: " ")
      #expect(words.allSatisfy(text.contains), "\(code.rawValue)")
      #expect(text.contains(spanish ? "PRÁCTICA" : "TRAINING"))
      for line in DisplayFrame(reply).text.split(separator: "\n") { #expect(line.count == 22) }
    }
  }

  @Test("says when to try again, and which field a refusal names")
  func refusal() throws {
    let request = Self.activation()
    let text = Receipt(request, try Self.reply(Outcome(.busy), to: request)).text
    #expect(text.contains("NOT DONE  4001"))
    #expect(text.contains("Try again after                      2 s"))
    #expect(text.contains("Field                                 20"))
  }

  @Test(
    "gives the time of day in California",
    arguments: [
      (1_776_272_709_000, "2026-04-15 10:05:09 PDT"),
      (1_767_225_600_000, "2025-12-31 16:00:00 PST"),
    ])
  func localTime(milliseconds: UInt64, text: String) {
    #expect(Receipt.localTime(of: Instant(milliseconds: milliseconds)) == text)
  }

  @Test("wraps text at spaces, and a word only when it must")
  func wrapping() {
    #expect(ReceiptPaper.wrapped("", to: 5) == [""])
    #expect(ReceiptPaper.wrapped("one two three", to: 7) == ["one two", "three"])
    #expect(ReceiptPaper.wrapped("abcdefghij k", to: 4) == ["abcd", "efgh", "ij k"])
  }
}
