public import TransactionModel
public import WireFormat

/// Where a case writes down its requests, one after the other.
///
/// Each case has a number of its own, from which its cards and trace numbers follow, so that many
/// cases can be played one after the other on the same installation.
public struct Scene: Sendable {
  static let cardsPerCase: UInt64 = 10
  static let requestsPerCase: UInt32 = 1_000

  public let number: UInt64
  public private(set) var steps: [TransactionStep] = []
  private var skippedTraceNumbers: UInt32 = 0

  init(number: UInt64) { self.number = number }

  /// A card that was shipped to the clinic and is this case's own.
  public var card: CardNumber { Fixture.card(number * Self.cardsPerCase) }
  /// Others like it, from 1 to 9.
  public func card(_ index: UInt64) -> CardNumber {
    precondition(index < Self.cardsPerCase, "a case has ten cards")
    return Fixture.card(number * Self.cardsPerCase + index)
  }
  public var cardOfSecondClinic: CardNumber {
    Fixture.cardOfSecondClinic(number * Self.cardsPerCase)
  }
  public var unshippedCard: CardNumber { Fixture.unshippedCard(number * Self.cardsPerCase) }
  public var voidedCard: CardNumber { Fixture.voidedCard(number * Self.cardsPerCase) }
  public var unknownCard: CardNumber { Fixture.unknownCard(number * Self.cardsPerCase) }

  /// Sends a request and expects a reply.
  ///
  /// `milliseconds` is how long after the start of the day the server gets it; the terminal's
  /// clock shows the same, less `age`.
  @discardableResult
  public mutating func send(
    _ body: RequestBody, from speaker: Speaker = .clinic, flags: FrameFlags = [],
    afterMilliseconds milliseconds: Int64 = 0, age: Int64 = 0,
    environment: Environment = Fixture.environment, gives code: ResponseCode,
    _ facts: ReplyFact...
  ) -> UInt32 {
    send(
      body, from: speaker, flags: flags, afterMilliseconds: milliseconds, age: age,
      environment: environment, gives: code, facts: facts)
  }

  /// The same, with the facts as an array; gives the trace number.
  @discardableResult
  mutating func send(
    _ body: RequestBody, from speaker: Speaker, flags: FrameFlags,
    afterMilliseconds milliseconds: Int64 = 0, age: Int64 = 0,
    environment: Environment = Fixture.environment, gives code: ResponseCode, facts: [ReplyFact]
  ) -> UInt32 {
    let start = Int64(Fixture.start.milliseconds)
    let trace =
      UInt32(number) * Self.requestsPerCase + UInt32(steps.count) + skippedTraceNumbers + 1
    let header = RequestHeader(
      environment: environment, flags: flags,
      traceNumber: SystemTraceAuditNumber(rawValue: trace),
      software: SoftwareID(rawValue: 77), terminal: speaker.terminal,
      transactionTime: Instant(milliseconds: UInt64(start + milliseconds - age)),
      operatorID: speaker.operatorID)
    steps.append(
      TransactionStep(
        header: header, body: body, identity: speaker.identity,
        serverTime: Instant(milliseconds: UInt64(start + milliseconds)), code: code,
        facts: facts))
    return trace
  }

  /// Leaves a trace number out, for a request that is not sent now.
  mutating func skipTraceNumber() { skippedTraceNumbers += 1 }

  mutating func append(_ step: TransactionStep) { steps.append(step) }

  /// Sends a request at an instant.
  public mutating func send(
    _ body: RequestBody, at time: Instant, from speaker: Speaker = .clinic,
    gives code: ResponseCode, _ facts: ReplyFact...
  ) {
    let milliseconds = Int64(time.milliseconds) - Int64(Fixture.start.milliseconds)
    send(body, from: speaker, afterMilliseconds: milliseconds, gives: code)
    steps[steps.count - 1].facts = facts
  }

  /// Sends an earlier request again, as it was but for what `change` changes.
  public mutating func resend(
    step index: Int, afterMilliseconds milliseconds: Int64 = 0, gives code: ResponseCode,
    _ facts: ReplyFact..., change: (inout TransactionStep) -> Void = { _ in }
  ) {
    var step = steps[index]
    step.serverTime = Instant(
      milliseconds: UInt64(Int64(Fixture.start.milliseconds) + milliseconds))
    change(&step)
    step.code = code
    step.facts = facts
    steps.append(step)
  }
}

extension Scene {
  /// Activates a card for the eligible woman of the sample, or for another form.
  public static func activate(
    _ card: CardNumber, _ form: ClientForm = SampleForm.eligible,
    on day: CalendarDate = Fixture.today, claims: [RetroactiveClaim?] = [nil, nil, nil]
  ) -> RequestBody {
    .activate(Certification(card: card, certificationDate: day, client: form, claims: claims))
  }

  /// Recertifies a card for the eligible woman of the sample, or for another form.
  public static func recertify(
    _ card: CardNumber, _ form: ClientForm = SampleForm.eligible,
    on day: CalendarDate = Fixture.today, claims: [RetroactiveClaim?] = [nil, nil, nil]
  ) -> RequestBody {
    .recertify(Certification(card: card, certificationDate: day, client: form, claims: claims))
  }

  public static func inquire(
    _ card: CardNumber, on day: CalendarDate = Fixture.today,
    _ purpose: InquiryPurpose = .information
  ) -> RequestBody {
    .inquiry(card: card, dateOfService: day, purpose: purpose)
  }

  public static func update(
    _ card: CardNumber, expecting version: UInt32, _ form: ClientForm
  ) -> RequestBody {
    .update(card: card, expectedVersion: version, client: form)
  }

  /// Ends a client's eligibility, by default because her income is over the limit.
  public static func deactivate(
    _ card: CardNumber, _ reason: DeactivationReason = .incomeOverLimit,
    _ subReason: DeactivationSubReason = .none, from day: CalendarDate = Fixture.today
  ) -> RequestBody {
    .deactivate(card: card, reason: reason, subReason: subReason, effectiveDate: day)
  }

  public static let signOn = signOn(with: Fixture.secret)

  public static func signOn(
    with secret: Secret, replacingBy newSecret: Secret = .none
  ) -> RequestBody {
    .signOn(
      secret: secret, newSecret: newSecret, softwareVersion: "1.0", highestVersion: 1)
  }

  public static func signOn(with text: String, replacingBy newText: String? = nil) -> RequestBody {
    signOn(with: Fixture.secret(text), replacingBy: newText.map { Fixture.secret($0) } ?? .none)
  }
}
