import ArgumentParser
import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// The command `posterm inquiry`.
struct Inquiry: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask how a card stands on a date of service.")

  @OptionGroup var card: CardOptions
  @OptionGroup var options: TerminalOptions

  @Option(help: "Date of service; today if none.") var dateOfService: String?

  @Option(help: "information, verify (with a confirmation number) or reaffirm.")
  var purpose = "information"

  func run() throws {
    guard let purpose = InquiryPurpose.allCases.first(where: { "\($0)" == self.purpose }) else {
      throw UsageError("--purpose is information, verify or reaffirm")
    }
    let number = try card.number()
    let date = try date(dateOfService, "--date-of-service")
    try Transaction(options: options, flags: card.flags).run { today in
      .inquiry(card: number, dateOfService: date ?? today, purpose: purpose)
    }
  }
}

/// What an activation and a renewal take from the command line.
struct CertificationOptions: ParsableArguments {
  @OptionGroup var card: CardOptions
  @OptionGroup var form: FormOptions
  @OptionGroup var options: TerminalOptions

  @Option(help: "Today if none.") var certificationDate: String?

  func run(_ body: (Certification) -> RequestBody) throws {
    let certify = try certification(card, form, certificationDate)
    try Transaction(options: options, flags: card.flags).run { body(certify($0)) }
  }
}

/// The command `posterm activate`.
struct Activate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Enrol a client: activate a blank card with the data of the form.")

  @OptionGroup var certification: CertificationOptions

  func run() throws { try certification.run { .activate($0) } }
}

/// The command `posterm recertify`.
struct Recertify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Renew a client's eligibility on the same number.")

  @OptionGroup var certification: CertificationOptions

  func run() throws { try certification.run { .recertify($0) } }
}

/// The command `posterm update`.
struct Update: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Change what has changed in a client's data; what is not given stays.")

  @OptionGroup var card: CardOptions
  @OptionGroup var form: FormOptions
  @OptionGroup var options: TerminalOptions

  @Option(help: "The record version that the last inquiry named.") var expectedVersion: UInt32

  @Option(help: "A field to take away, such as middle-name; may be given several times.")
  var clear: [String] = []

  func run() throws {
    let number = try card.number()
    var client = try form.document().client
    for name in clear {
      let wanted = String(name.map { $0 == "-" ? "_" : $0 })
      guard let field = ClientField.allCases.first(where: { $0.name.description == wanted }) else {
        throw UsageError("--clear: the form has no field \(name)")
      }
      guard field.layout.isClearable else {
        throw UsageError("--clear: \(name) cannot be taken away")
      }
      client.setClearing(field)
    }
    try Transaction(options: options, flags: card.flags).run { [client] _ in
      .update(card: number, expectedVersion: expectedVersion, client: client)
    }
  }
}

/// The command `posterm deactivate`.
struct Deactivate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "End a client's eligibility.")

  private static let reasons = [
    "not-resident", "income", "sterilized", "other-coverage", "medi-cal", "number",
  ]

  @OptionGroup var card: CardOptions
  @OptionGroup var options: TerminalOptions

  @Option(help: "not-resident, income, sterilized, other-coverage, medi-cal, number, or 1 to 6.")
  var reason: String

  @Flag(help: "Found pregnant: with reason medi-cal.") var pregnancy = false

  @Option(help: "First day without eligibility; tomorrow if none.") var effectiveDate: String?

  func run() throws {
    let place = Self.reasons.firstIndex(of: reason).map { $0 + 1 } ?? Int(reason)
    guard let place, let reason = DeactivationReason(rawValue: UInt8(clamping: place)) else {
      throw UsageError("--reason is 1 to 6, or \(Self.reasons.joined(separator: ", "))")
    }
    let number = try card.number()
    let date = try date(effectiveDate, "--effective-date")
    try Transaction(options: options, flags: card.flags).run { today in
      .deactivate(
        card: number, reason: reason, subReason: pregnancy ? .pregnancy : .none,
        effectiveDate: date ?? today.adding(days: 1))
    }
  }
}

/// A date option; `nil` when it was not given.
private func date(_ text: String?, _ option: String) throws -> CalendarDate? {
  guard let text else { return nil }
  guard let date = CalendarDate(text: text) else {
    throw UsageError("\(option) is a date such as 2026-04-15")
  }
  return date
}

/// What an activation and a recertification carry, for a day of certification.
private func certification(
  _ card: CardOptions, _ form: FormOptions, _ dateText: String?
) throws -> (CalendarDate) -> Certification {
  let number = try card.number()
  let document = try form.document()
  let date = try date(dateText, "--certification-date")
  return { today in
    Certification(
      card: number, certificationDate: date ?? today, client: document.client,
      claims: document.claims)
  }
}
