import Testing
import TransactionModel

@testable import WireFormat

@Suite("A request")
struct RequestTests {
  @Test("is the same values after encoding and decoding", arguments: 1...8 as ClosedRange<UInt64>)
  func roundTrip(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let header = Self.header(using: &generator)
      let body = Self.body(using: &generator)
      let bytes = try #require(encoded(header, body))
      guard case .request(let decodedHeader, let decodedBody) = parse(bytes, .request) else {
        Issue.record("seed \(seed): \(body.messageType) was refused: \(parse(bytes, .request))")
        continue
      }
      #expect(decodedHeader == header, "seed \(seed)")
      #expect(decodedBody == body, "seed \(seed)")
    }
  }

  @Test("is not encoded when a text does not fit")
  func tooLong() {
    let body = RequestBody.signOn(
      secret: .none, newSecret: .none, softwareVersion: "12345678901234567", highestVersion: 1)
    #expect(encoded(Sample.header(1), body) == nil)
  }

  @Test("shows nothing of a secret")
  func secrets() {
    let secret = Sample.secret("night-watch-42")
    #expect("\(secret)" == "Secret(hidden)")
    #expect(String(reflecting: secret) == "Secret(hidden)")
    var dumped = ""
    dump(secret, to: &dumped)
    #expect(!dumped.contains("110") && !dumped.contains("night"))
    #expect(secret != .none && secret == Sample.secret("night-watch-42"))
  }

  private static func header(using generator: inout SeededGenerator) -> RequestHeader {
    RequestHeader(
      environment: .test, flags: [.repeat, .spanish],
      traceNumber: SystemTraceAuditNumber(rawValue: .random(in: 1...UInt32.max, using: &generator)),
      software: SoftwareID(rawValue: .random(in: 0...UInt32.max, using: &generator)),
      terminal: TerminalID(rawValue: .random(in: 1...UInt64.max, using: &generator)),
      transactionTime: Instant(
        milliseconds: .random(in: 1...Instant.latest.milliseconds, using: &generator)),
      operatorID: OperatorID(rawValue: .random(in: 0...UInt64.max, using: &generator)))
  }

  private static func body(using generator: inout SeededGenerator) -> RequestBody {
    let card = CardScheme.healthAccessNumber(
      serial: .random(in: 0...CardScheme.serialMax, using: &generator))
    let day = CalendarDate(dayNumber: .random(in: -100_000...100_000, using: &generator))
    switch MessageType.allCases.randomElement(using: &generator) ?? .echo {
    case .signOn:
      return .signOn(
        secret: secret(using: &generator), newSecret: secret(using: &generator),
        softwareVersion: "posterm 9.9", highestVersion: .random(in: 1...255, using: &generator))
    case .signOff: return .signOff
    case .echo: return .echo
    case .inquiry:
      return .inquiry(
        card: card, dateOfService: day,
        purpose: InquiryPurpose.allCases.randomElement(using: &generator) ?? .verify)
    case .activate, .recertify:
      let certification = Certification(
        card: card, certificationDate: day, client: form(using: &generator),
        claims: (0..<3).map { _ in claim(using: &generator) })
      return Bool.random(using: &generator) ? .activate(certification) : .recertify(certification)
    case .update:
      var client = form(using: &generator)
      for field in ClientField.allCases where field.layout.isClearable {
        if Bool.random(using: &generator) { client.setClearing(field) }
      }
      return .update(
        card: card, expectedVersion: .random(in: 1...UInt32.max, using: &generator),
        client: client)
    case .deactivate:
      return .deactivate(
        card: card,
        reason: DeactivationReason.allCases.randomElement(using: &generator) ?? .mediCal,
        subReason: DeactivationSubReason.allCases.randomElement(using: &generator) ?? .none,
        effectiveDate: day)
    case .reverse:
      return .reverse(
        traceNumber: SystemTraceAuditNumber(
          rawValue: .random(in: 1...UInt32.max, using: &generator)),
        type: .update, reason: .random(in: 1...3, using: &generator),
        time: Instant(milliseconds: .random(in: 1...1 << 40, using: &generator)))
    case .last: return .last(traceNumber: .random(in: 0...UInt32.max, using: &generator))
    }
  }

  private static func secret(using generator: inout SeededGenerator) -> Secret {
    var secret = Secret.none
    for index in 0..<16 { secret.bytes[index] = generator.nextByte() }
    return secret
  }

  /// The required fields, and half of the others.
  private static func form(using generator: inout SeededGenerator) -> ClientForm {
    var form = Sample.wholeForm
    for field in ClientField.allCases where field.layout.isClearable {
      if Bool.random(using: &generator) { form.remove(field) }
    }
    form.set(.monthlyIncome, to: .random(in: 0...99_999_999, using: &generator))
    return form
  }

  private static func claim(using generator: inout SeededGenerator) -> RetroactiveClaim? {
    guard Bool.random(using: &generator) else { return nil }
    return RetroactiveClaim(
      flags: .random(in: 0...RetroactiveClaim.flagsMask, using: &generator),
      mediCal: MediCalStatus.allCases.randomElement(using: &generator) ?? .none,
      otherCoverage: OtherCoverage.allCases.randomElement(using: &generator) ?? .none,
      familySize: .random(in: 1...99, using: &generator),
      monthlyIncome: .random(in: 0...99_999_999, using: &generator))
  }
}
