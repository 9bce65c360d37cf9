import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("Fields of the form as people type and read them")
struct ClientTextTests {
  @Test(
    "takes what somebody types, and shows it",
    arguments: [
      (ClientField.lastName, "DE LA CRUZ", "DE LA CRUZ"), (.birthDate, "1990-01-31", "1990-01-31"),
      (.birthDate, "19900131", "1990-01-31"), (.sex, "Female", "female"), (.sex, "2", "male"),
      (.socialSecurityNumber, "123-45-6789", "***-**-6789"),
      (.socialSecurityNumber, "000000012", "***-**-0012"), (.zipCode, "94110", "94110"),
      (.zipCode, "94110-1234", "94110-1234"), (.monthlyIncome, "0", "$0"),
      (.mediCal, "managed-care", "managed-care"), (.county, "38", "38"), (.residence, "no", "no"),
      (.familySize, "3", "3"), (.liveBirths, "0", "0"),
    ])
  func typed(field: ClientField, text: String, shown: String) throws {
    var form = ClientForm()
    try form.set(field, typed: text)
    #expect(form.shown(field) == shown)
  }

  @Test(
    "refuses what is no value, and does not say what it was",
    arguments: [
      (ClientField.lastName, ""), (.lastName, String(repeating: "X", count: 33)),
      (.birthDate, "1990-02-30"), (.birthDate, "31.1.1990"), (.sex, "maybe"), (.sex, "3"),
      (.socialSecurityNumber, "12-3"), (.zipCode, "9411"), (.monthlyIncome, "-1"),
      (.monthlyIncome, "12.50"), (.county, "100"), (.familySize, "0"), (.residence, "y"),
    ])
  func refused(field: ClientField, text: String) {
    var form = ClientForm()
    do throws(FieldTextError) {
      try form.set(field, typed: text)
      Issue.record("it was taken")
    } catch {
      #expect(error.field == field)
      #expect(text.isEmpty || !error.wanted.contains(text) || text.count == 1)
    }
    #expect(form.presence == 0)
  }

  @Test("has a word for every number of a coded field", arguments: ClientField.allCases)
  func words(field: ClientField) throws {
    guard let words = field.valueWords else { return }
    guard case .range(1, let highest) = field.layout.content else {
      Issue.record("\(field) is not coded from 1")
      return
    }
    #expect(words.count == highest)
    for (index, word) in words.enumerated() {
      var form = ClientForm()
      try form.set(field, typed: word)
      #expect(form.number(field) == UInt32(index + 1))
    }
  }

  @Test("lists what is present, with the social security number masked")
  func listing() throws {
    var form = ClientForm()
    try form.set(.lastName, typed: "DELGADO")
    try form.set(.socialSecurityNumber, typed: "123456789")
    #expect(
      ClientListing(form).text == """
        last name               DELGADO
        social security number  ***-**-6789

        """)
  }

  @Test(
    "reads dates in two forms and no other",
    arguments: [
      ("2026-04-15", 2026_04_15), ("20260415", 2026_04_15), ("2026-4-15", nil), ("2026-02-29", nil),
      ("2026/04/15", nil), ("", nil), ("+2026041", nil), ("2026-04-15 ", nil),
    ])
  func dates(text: String, number: UInt32?) {
    #expect(CalendarDate(text: text)?.yyyymmdd == number)
  }
}
