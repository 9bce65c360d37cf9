import TransactionModel
import WireFormat

@testable import TerminalClient

/// Requests for tests.
enum Samples {
  static let card = CardScheme.healthAccessNumber(serial: 1_000_000_000_001)
  static let otherCard = CardScheme.healthAccessNumber(serial: 1_000_000_000_002)
  static let date = CalendarDate(trusted: 2026_11_02)
  static let time = Instant(milliseconds: 1_793_642_400_000)

  static let certification: Certification = {
    var client = ClientForm()
    let typed: [(ClientField, String)] = [
      (.lastName, "Quackenbush"), (.firstName, "Philomena"), (.birthDate, "1998-05-17"),
      (.monthlyIncome, "1850"), (.familySize, "3"), (.county, "38"), (.sex, "female"),
      (.mediCal, "none"), (.otherCoverage, "none"), (.confidentiality, "no"),
      (.residence, "yes"), (.institution, "no"), (.need, "yes"),
    ]
    for (field, text) in typed {
      do throws(FieldTextError) { try client.set(field, typed: text) } catch {
        preconditionFailure("\(error)")
      }
    }
    return Certification(card: card, certificationDate: date, client: client)
  }()

  /// One of every kind of change.
  static let bodies: [RequestBody] = [
    .activate(certification), .recertify(certification),
    .update(card: card, expectedVersion: 3, client: certification.client), deactivation(card),
    .inquiry(card: card, dateOfService: date, purpose: .verify),
    .inquiry(card: card, dateOfService: date, purpose: .reaffirm),
    .reverse(
      traceNumber: SystemTraceAuditNumber(rawValue: 3), type: .update, reason: 1, time: time),
  ]

  static func deactivation(_ card: CardNumber) -> RequestBody {
    .deactivate(card: card, reason: .notResident, subReason: .none, effectiveDate: date)
  }

  static func inquiry(_ card: CardNumber) -> RequestBody {
    .inquiry(card: card, dateOfService: date, purpose: .information)
  }

  static let signOn = RequestBody.signOn(
    secret: .none, newSecret: .none, softwareVersion: "test", highestVersion: 1)

  static func request(
    _ number: UInt32, _ body: RequestBody = deactivation(card), at time: Instant = time
  ) -> TerminalRequest {
    TerminalRequest(
      header: RequestHeader(
        environment: .test, flags: [], traceNumber: SystemTraceAuditNumber(rawValue: number),
        software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: 1_001),
        transactionTime: time, operatorID: OperatorID(rawValue: 501)),
      body: body)
  }

  static func change(
    _ number: UInt32, _ body: RequestBody = deactivation(card), isSent: Bool = false
  ) -> PendingChange {
    PendingChange(
      order: UInt64(number), request: request(number, body), mayHaveBeenSent: isSent)
  }
}
