import TransactionModel

/// Whether two forms are of the same client: equal birth dates and equal normalised last and first
/// names (SPECIFICATION.md, "The same client").
enum ClientIdentity {
  static func isSame(_ one: ClientForm, _ other: ClientForm) -> Bool {
    one.number(.birthDate) == other.number(.birthDate)
      && isSameName(.lastName, one, other) && isSameName(.firstName, one, other)
  }

  static func isSameName(
    _ field: ClientField, _ one: ClientForm, _ other: ClientForm
  ) -> Bool {
    var left = NameLetters(field)
    var right = NameLetters(field)
    while true {
      let letter = left.next(in: one)
      guard letter == right.next(in: other) else { return false }
      if letter == nil { return true }
    }
  }
}

/// The letters of a name by which it is compared: ASCII letters in upper case, without spaces,
/// hyphens, apostrophes and full stops.
struct NameLetters {
  private var offset: Int
  private let end: Int

  init(_ field: ClientField) {
    offset = field.layout.offset
    end = offset + field.layout.byteCount
  }

  mutating func next(in form: borrowing ClientForm) -> UInt8? {
    while offset < end {
      let byte = form.block[offset]
      offset += 1
      switch byte {
      case 0, 0x20, 0x27, 0x2D, 0x2E: continue
      case 0x61...0x7A: return byte - 0x20
      default: return byte
      }
    }
    return nil
  }
}

extension ClientForm {
  /// What the register knows of an operator, as far as it tells one person from another.
  init(_ person: Operator) {
    self.init()
    set(.birthDate, to: person.birthDate.yyyymmdd)
    let lastName = ClientField.lastName.layout.offset
    for index in 0..<32 { block[lastName + index] = person.lastName[index] }
    let firstName = ClientField.firstName.layout.offset
    for index in 0..<24 { block[firstName + index] = person.firstName[index] }
  }
}

extension TransactionEngine {
  /// Whether a form is of the operator who sends it; not known without a birth date in the
  /// register.
  func isOperator(_ caller: Caller, _ client: ClientForm) -> Bool {
    guard let person = register.operator(caller.operatorID), !person.birthDate.isNone else {
      return false
    }
    return ClientIdentity.isSame(client, ClientForm(person))
  }
}
