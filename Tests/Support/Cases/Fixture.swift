public import TransactionEngine
public import TransactionModel
public import WireFormat

/// The installation that every transaction case plays on: who is registered, and which cards exist.
public enum Fixture {
  public static let environment = Environment.test

  /// 2026-11-02 at 10:00 in California: the day of every case, within the newest published table.
  public static let start = instant(2026_11_02, hour: 18)
  public static let today = CalendarDate(trusted: 2026_11_02)

  public static let dayBefore = Instant(milliseconds: start.milliseconds - 24 * 3_600_000)

  /// The last day of a period that begins today.
  public static let periodEnd = CalendarDate(trusted: 2027_11_01)
  /// The day on which its renewal opens.
  public static let renewalOpens = CalendarDate(trusted: 2027_09_02)

  /// Those of a test whose day is longer than an operator's: no session ends by itself.
  public static let settings: EngineSettings = {
    var settings = EngineSettings(environment: environment)
    settings.operatorIdleSeconds = .max
    settings.sessionRevivalMillisecondsMax = .max
    return settings
  }()

  /// An instant by the hour of UTC.
  public static func instant(_ yyyymmdd: UInt32, hour: UInt64) -> Instant {
    let day = UInt64(CalendarDate(trusted: yyyymmdd).dayNumber)
    return Instant(milliseconds: (day * 24 + hour) * 3_600_000)
  }

  /// An instant by a clock on the wall in California; whether in daylight saving is the test's word.
  public static func onTheWall(
    _ yyyymmdd: UInt32, _ hour: UInt64, _ minute: UInt64, daylight: Bool
  ) -> Instant {
    let utc = instant(yyyymmdd, hour: hour + (daylight ? 7 : 8))
    return Instant(milliseconds: utc.milliseconds + minute * 60_000)
  }

  /// Before the first of the cases about dates.
  public static let datesBegin = instant(2023_04_01, hour: 18)

  // MARK: Sites

  public static let clinic = SiteID(rawValue: 1_234_567_893)
  public static let secondClinic = SiteID(rawValue: 1_111_111_112)
  public static let pharmacy = SiteID(rawValue: 1_222_222_220)
  public static let helpDesk = SiteID(rawValue: 1_333_333_338)
  public static let office = SiteID(rawValue: 1_444_444_446)
  /// A clinic whose enrolment ended on the last day of October.
  public static let expiredClinic = SiteID(rawValue: 1_555_555_550)

  /// A clinic whose gateway vouches for its operators.
  public static let vouchingClinic = SiteID(rawValue: 1_666_666_662)

  // MARK: Cards

  /// How many cards lie in each range.
  public static let cardCount: UInt64 = 100_000

  /// A card that was shipped to the clinic; cases number theirs from 0.
  public static func card(_ number: UInt64) -> CardNumber { card(number, from: 1_000_000_000_001) }

  public static func cardOfSecondClinic(_ number: UInt64) -> CardNumber {
    card(number, from: 2_000_000_000_001)
  }

  public static func unshippedCard(_ number: UInt64) -> CardNumber {
    card(number, from: 3_000_000_000_001)
  }

  /// A card that was shipped to the clinic and voided afterwards.
  public static func voidedCard(_ number: UInt64) -> CardNumber {
    card(number, from: 4_000_000_000_001)
  }

  /// A well-formed number that was never printed.
  public static func unknownCard(_ number: UInt64) -> CardNumber {
    card(number, from: 9_000_000_000_001)
  }

  private static func card(_ number: UInt64, from first: UInt64) -> CardNumber {
    precondition(number < cardCount, "a card beyond its range")
    return CardScheme.healthAccessNumber(serial: first + number)
  }

  // MARK: The register

  /// Who makes the register's entries.
  public static let author = Author(userIdentifier: 1_000, role: .office)

  /// Every entry of the register, in an order in which they may be applied.
  public static let register: [RegisterChange] =
    sites.map(RegisterChange.site) + terminals.map(RegisterChange.terminal)
    + operators.map(RegisterChange.operator) + ranges.map(RegisterChange.cardRange) + secrets
    + [
      .outage(outage), .outage(overdueOutage),
      .blankCards(BlankCardShipment(site: clinic, count: blankCardCount)),
    ]

  /// Days on which clinics certified on paper, and which may be entered still.
  public static let outage = OutageWindow(
    from: CalendarDate(trusted: 2026_10_20), through: CalendarDate(trusted: 2026_10_22),
    enteredBy: today)
  /// Others, which may no longer be entered.
  public static let overdueOutage = OutageWindow(
    from: CalendarDate(trusted: 2026_10_26), through: CalendarDate(trusted: 2026_10_26),
    enteredBy: CalendarDate(trusted: 2026_11_01))

  /// Blank cards that were shipped to the clinic, and to no other site.
  public static let blankCardCount: UInt64 = 2

  private static let sites = [
    site(clinic, .enrollingClinic, "Fixture Clinic"),
    site(secondClinic, .enrollingClinic, "Second Clinic"),
    site(pharmacy, .inquiryOnly, "Fixture Pharmacy"),
    site(helpDesk, .helpDesk, "Help Desk"),
    site(office, .office, "Program Office"),
    site(expiredClinic, .enrollingClinic, "Expired Clinic", lastDay: 2026_10_31),
    site(vouchingClinic, .enrollingClinic, "Vouching Clinic", vouches: true),
  ]

  private static func site(
    _ id: SiteID, _ role: Role, _ text: String, lastDay: UInt32 = 0, vouches: Bool = false
  ) -> Site {
    var name = InlineArray<40, UInt8>(repeating: 0x20)
    for (index, byte) in text.utf8.enumerated() { name[index] = byte }
    return Site(
      id: id, role: role, state: .active, vouchesForOperators: vouches,
      firstDay: CalendarDate(trusted: 2020_01_01), lastDay: CalendarDate(trusted: lastDay),
      name: name)
  }

  private static let terminals: [Terminal] = [
    terminal(1001, clinic), terminal(1002, clinic, .new), terminal(1003, clinic, .suspended),
    terminal(1004, clinic, .retired), terminal(2001, pharmacy), terminal(3001, secondClinic),
    terminal(4001, helpDesk), terminal(5001, office), terminal(6001, expiredClinic),
    terminal(7001, vouchingClinic),
  ]

  private static func terminal(
    _ id: UInt64, _ site: SiteID, _ state: RegisterState = .active
  ) -> Terminal { Terminal(id: TerminalID(rawValue: id), site: site, state: state) }

  private static let operators: [Operator] = [
    clinicOperator, person(502, clinic, .retired), person(503, clinic, .suspended),
    person(504, clinic), person(505, clinic),
    person(601, pharmacy), person(701, secondClinic), person(801, helpDesk), person(901, office),
    person(951, expiredClinic), person(971, vouchingClinic),
  ]

  /// What every operator types.
  public static let secret = secret("fixture-secret")

  /// A secret of 8 to 16 characters.
  public static func secret(_ text: String) -> Secret {
    guard let secret = Secret(text) else { preconditionFailure("no secret: \(text)") }
    return secret
  }

  private static let secrets = operators.map { RegisterChange.operatorSecret(secret(of: $0.id)) }

  /// The register's entry for what an operator types.
  public static func secret(of person: OperatorID) -> OperatorSecret {
    OperatorSecret(operator: person, digest: digest(of: secret, for: person), issued: .none)
  }

  /// The digest of an operator's secret under the fixture's key.
  public static func digest(of secret: Secret, for person: OperatorID) -> UInt128 {
    guard var digester = try? SecretDigester(confirmationKey: FixtureEngine.confirmationKey) else {
      preconditionFailure("no HMAC")
    }
    return digester.digest(of: secret, for: person)
  }

  /// The one of whom the register knows name and birth date.
  private static let clinicOperator = Operator(
    id: OperatorID(rawValue: 501), site: clinic, state: .active,
    birthDate: CalendarDate(trusted: 1985_07_09), lastName: padded("Own"),
    firstName: padded("Self"))

  private static func padded<let byteCount: Int>(_ text: String) -> InlineArray<byteCount, UInt8> {
    var bytes = InlineArray<byteCount, UInt8>(repeating: 0x20)
    for (index, byte) in text.utf8.enumerated() { bytes[index] = byte }
    return bytes
  }

  private static func person(
    _ id: UInt64, _ site: SiteID, _ state: RegisterState = .active
  ) -> Operator { Operator(id: OperatorID(rawValue: id), site: site, state: state) }

  private static let ranges = [
    range(from: 1_000_000_000_001, clinic),
    range(from: 2_000_000_000_001, secondClinic),
    range(from: 3_000_000_000_001, SiteID(rawValue: 0)),
    range(from: 4_000_000_000_001, clinic, isVoided: true),
  ]

  private static func range(
    from first: UInt64, _ site: SiteID, isVoided: Bool = false
  ) -> CardRange {
    CardRange(
      firstSerial: first, lastSerial: first + cardCount - 1, site: site, isVoided: isVoided)
  }
}
