import TransactionModel

/// An eligible client with most fields of the form, a different one on each card.
enum SampleClient {
  static let form: ClientForm = {
    var form = ClientForm()
    let texts: [(ClientField, String)] = [
      (.lastName, "A"), (.firstName, "MARIA"), (.mothersFirstName, "ELENA"),
      (.placeOfBirth, "CALIFORNIA"),
    ]
    for (field, text) in texts {
      let fits = form.set(field, to: text)
      precondition(fits, "a name that does not fit")
    }
    let numbers: [(ClientField, UInt32)] = [
      (.birthDate, 1994_05_17), (.zipCode, 94_110), (.monthlyIncome, 1_800), (.familySize, 2),
      (.liveBirths, 1), (.county, 38), (.sex, 1), (.primaryLanguage, 1), (.mediCal, 1),
      (.otherCoverage, 1), (.confidentiality, 2), (.residence, 1), (.institution, 2), (.need, 1),
    ]
    for (field, number) in numbers { form.set(field, to: number) }
    return form
  }()

  /// The client on a card; few share a birthday, and fewer a mother's name: nobody is compared with
  /// all others.
  static func form(on card: CardNumber, number: UInt64) -> ClientForm {
    var client = form
    let name = name(on: card).revealed
    let fits = client.set(.lastName, to: name) && client.set(.mothersFirstName, to: name)
    precondition(fits, "a name that does not fit")
    let birth = CalendarDate(trusted: 1980_01_01).adding(days: Int32(number % 10_000))
    client.set(.birthDate, to: birth.yyyymmdd)
    return client
  }

  /// The last name of the client on a card, padded to 16 characters: its digits as letters A to J.
  static func name(on card: CardNumber) -> CardNumber {
    CardNumber(
      high: card.high &+ 0x1111_1111_1111_1111, low: card.low &+ 0x1111_1111_1111_0000)
  }
}
