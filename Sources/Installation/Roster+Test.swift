public import TransactionModel

extension Roster {
  /// The fixed ids of a test installation, which the specification's examples use too.
  public enum Test {
    public static let clinic = SiteID(rawValue: 1_234_567_893)
    public static let pharmacy = SiteID(rawValue: 1_000_000_004)
    /// A clinic without terminals, for cards that belong elsewhere.
    public static let otherClinic = SiteID(rawValue: 1_500_000_009)
    public static let firstTerminal: UInt64 = 1_001
    public static let pharmacyTerminal = TerminalID(rawValue: 2_001)
    public static let clinicOperators = (501...510).map { OperatorID(rawValue: $0) }
    public static let pharmacyOperator = OperatorID(rawValue: 601)
    /// Blank cards of the clinic.
    public static let blankCardCount: UInt64 = 100
    public static let firstCardSerial: UInt64 = 1_000_000_000_001
    public static let otherClinicCards = CardSerials(first: 2_000_000_000_001, count: 10)
    public static let unshippedCards = CardSerials(first: 3_000_000_000_001, count: 10)
    public static let voidedCards = CardSerials(first: 4_000_000_000_001, count: 10)
    public static let terminalCountMax = 1_000_000
    public static let cardCountMax = 100_000_000_000

    /// People who do not exist, none of them like a client of the tests.
    private static let names = [
      ("Quimby", "Ada"), ("Ruslan", "Bo"), ("Sandoval", "Cleo"), ("Tran", "Dee"),
      ("Ueda", "Eli"), ("Vance", "Flor"), ("Whitlow", "Gil"), ("Xu", "Hana"),
      ("Yates", "Ida"), ("Zamora", "Jo"), ("Abbot", "Kim"),
    ]

    fileprivate static func person(_ id: OperatorID, _ place: Int) -> RosterOperator {
      RosterOperator(
        id: id,
        person: RosterOperator.Person(
          lastName: names[place].0, firstName: names[place].1,
          birthDate: CalendarDate(trusted: 1970_01_01).adding(days: Int32(place) * 400)))
    }
  }

  /// A clinic, a pharmacy that inquires only, and a second clinic that has cards of its own.
  public static func test(terminalCount: Int, cardCount: Int) -> Roster {
    precondition((1...Test.terminalCountMax).contains(terminalCount))
    precondition((1...Test.cardCountMax).contains(cardCount))
    let firstDay = CalendarDate(trusted: 2015_11_01)
    let numbers = (Test.firstTerminal...).lazy.filter { $0 != Test.pharmacyTerminal.rawValue }
    let clinic = RosterSite(
      id: Test.clinic, name: "Mission Street Test Clinic", role: .enrollingClinic,
      firstDay: firstDay, hasGatewayCertificate: true,
      terminals: numbers.prefix(terminalCount).map { TerminalID(rawValue: $0) },
      operators: Test.clinicOperators.enumerated().map { Test.person($0.element, $0.offset) },
      cards: [CardSerials(first: Test.firstCardSerial, count: UInt64(cardCount))],
      blankCardCount: Test.blankCardCount)
    let pharmacy = RosterSite(
      id: Test.pharmacy, name: "Valencia Test Pharmacy", role: .inquiryOnly, firstDay: firstDay,
      terminals: [Test.pharmacyTerminal], operators: [Test.person(Test.pharmacyOperator, 10)])
    let otherClinic = RosterSite(
      id: Test.otherClinic, name: "Delta Test Clinic", role: .enrollingClinic,
      firstDay: firstDay, cards: [Test.otherClinicCards])
    return Roster(
      sites: [clinic, pharmacy, otherClinic], unshipped: [Test.unshippedCards],
      voided: [Test.voidedCards])
  }
}
