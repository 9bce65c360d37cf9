import TransactionModel
import WireFormat

/// The client of a test card: what its form holds is a function of card and version alone.
///
/// So an answer can be checked by whoever knows the card, in this run or in a later one, and an
/// update that was lost, doubled or mixed up with another shows in the ZIP code.
enum TestClient {
  /// An eligible client, but for the name and the ZIP code.
  private static let common: ClientForm = {
    var form = ClientForm()
    let texts: [(ClientField, String)] = [
      (.lastName, "A"), (.firstName, "MARIA"), (.mothersFirstName, "ELENA"),
      (.placeOfBirth, "CALIFORNIA"),
    ]
    for (field, text) in texts {
      let fits = form.set(field, to: text)
      precondition(fits, "a text that does not fit")
    }
    let numbers: [(ClientField, UInt32)] = [
      (.birthDate, 1994_05_17), (.monthlyIncome, 1_200), (.familySize, 2), (.liveBirths, 1),
      (.county, 38), (.sex, 1), (.primaryLanguage, 1), (.mediCal, 1), (.otherCoverage, 1),
      (.confidentiality, 2), (.residence, 1), (.institution, 2), (.need, 1),
    ]
    for (field, number) in numbers { form.set(field, to: number) }
    return form
  }()

  /// The whole form as the given version of a card's record has set its ZIP code.
  ///
  /// The last name is the serial number with letters for digits: no two cards seem to belong to one
  /// client.
  static func form(serial: UInt64, version: UInt32) -> ClientForm {
    var form = common
    var rest = serial
    let offset = ClientField.lastName.layout.offset
    for place in (0..<13).reversed() {
      form.block[offset + place] = UInt8(ascii: "A") + UInt8(rest % 10)
      rest /= 10
    }
    form.set(.zipCode, to: zipCode(serial: serial, version: version))
    return form
  }

  /// What an update sends that makes the given version.
  static func change(serial: UInt64, version: UInt32) -> ClientForm {
    var form = ClientForm()
    form.set(.zipCode, to: zipCode(serial: serial, version: version))
    return form
  }

  static func zipCode(serial: UInt64, version: UInt32) -> UInt32 {
    1 + UInt32(RandomNumbers.mix(serial &* 0x1_0000 &+ UInt64(version)) % 999_999_999)
  }

  /// Whether a form is this card's but for the ZIP code.
  static func isOwn(_ form: ClientForm, serial: UInt64) -> Bool {
    guard let zipCode = form.number(.zipCode) else { return false }
    var own = Self.form(serial: serial, version: 1)
    own.set(.zipCode, to: zipCode)
    return own == form
  }
}
