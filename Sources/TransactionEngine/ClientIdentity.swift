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
    let (leftBlock, rightBlock) = (one.block.span, other.block.span)
    var left = NameLetters(field, in: leftBlock)
    var right = NameLetters(field, in: rightBlock)
    while true {
      let letter = left.next(in: leftBlock)
      guard letter == right.next(in: rightBlock) else { return false }
      if letter == nil { return true }
    }
  }
}

/// The letters of a name by which it is compared: in upper case and without accents, as far as they
/// are of Latin-1, without spaces, hyphens, apostrophes and full stops.
struct NameLetters {
  private var offset: Int
  private let end: Int

  init(_ field: ClientField, in block: Span<UInt8>) {
    offset = field.layout.offset
    var end = offset + field.layout.byteCount
    // Most of a field is padding.
    while end > offset, block[end - 1] == 0x20 { end -= 1 }
    self.end = end
  }

  /// The next letter in a form's block, the same with each call; `nil` behind the last.
  mutating func next(in block: Span<UInt8>) -> UInt8? {
    while offset < end {
      let byte = block[offset]
      offset += 1
      switch byte {
      case 0, 0x20, 0x27, 0x2D, 0x2E: continue
      case 0x61...0x7A: return byte - 0x20
      case 0xC3:
        let letter = offset < end ? Self.unaccented(block[offset]) : 0
        if letter == 0 { return byte }
        offset += 1
        return letter
      default: return byte
      }
    }
    return nil
  }

  /// The letter without its accent that the second byte of U+00C0 to U+00FF stands for; 0 for none.
  private static func unaccented(_ byte: UInt8) -> UInt8 {
    // The small letters lie 0x20 above the capital ones.
    switch byte & 0xDF {
    case 0x80...0x85: UInt8(ascii: "A")
    case 0x87: UInt8(ascii: "C")
    case 0x88...0x8B: UInt8(ascii: "E")
    case 0x8C...0x8F: UInt8(ascii: "I")
    case 0x91: UInt8(ascii: "N")
    case 0x92...0x96, 0x98: UInt8(ascii: "O")
    case 0x99...0x9C: UInt8(ascii: "U")
    case 0x9D: UInt8(ascii: "Y")
    default: 0
    }
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
    // The name only of one who was born on the same day.
    guard let person = register.operator(caller.operatorID), !person.birthDate.isNone,
      client.number(.birthDate) == person.birthDate.yyyymmdd
    else { return false }
    return ClientIdentity.isSame(client, ClientForm(person))
  }
}
