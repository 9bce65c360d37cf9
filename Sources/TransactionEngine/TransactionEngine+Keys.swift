import EligibilityIndex
import TransactionModel
import WireFormat

/// What a client can be found by, other than the card number.
private enum ClientKey: UInt64, CaseIterable {
  // In order: the likelier two forms that share it are of the same client.
  case socialSecurityNumber = 1
  case nameAndBirthDate = 2
  case mothersFirstName = 3
  case benefitsCard = 4

  /// Made once: `allCases` makes an array with each use.
  static let all = allCases

  /// Those by which a second number of the same client is noticed.
  static let ofSameClient = [socialSecurityNumber, nameAndBirthDate, mothersFirstName]

  /// The key's fingerprint; `nil` for a form that lacks a part of it.
  ///
  /// The block is the form's: to ask the form for its span would copy it for each key.
  func fingerprint(
    of form: borrowing ClientForm, _ block: Span<UInt8>, _ hasher: KeyHasher
  ) -> UInt32? {
    var hasher = hasher
    hasher.combine(rawValue)
    switch self {
    case .socialSecurityNumber:
      guard let number = form.number(.socialSecurityNumber) else { return nil }
      hasher.combine(UInt64(number))
    case .nameAndBirthDate:
      guard let birth = form.number(.birthDate) else { return nil }
      hasher.combine(UInt64(birth))
      hasher.combine(.lastName, in: block)
      hasher.combine(.firstName, in: block)
    case .mothersFirstName:
      guard let birth = form.number(.birthDate), form.has(.firstName), form.has(.mothersFirstName)
      else { return nil }
      hasher.combine(UInt64(birth))
      hasher.combine(.firstName, in: block)
      hasher.combine(.mothersFirstName, in: block)
    case .benefitsCard:
      let card = form.benefitsCard
      guard !card.isBlank else { return nil }
      hasher.combine(card)
    }
    return hasher.finish()
  }

  /// Whether two forms have the same keys for certain: all that keys are made of lies in the first
  /// part of the block, and what is absent is zero there.
  static func areSame(_ one: ClientForm, _ other: ClientForm) -> Bool {
    // One span for all: each subscript of an array within a parameter would copy the array.
    let end = ClientField.zipCode.layout.offset
    let (left, right) = (one.block.span.extracting(..<end), other.block.span.extracting(..<end))
    var difference: UInt8 = 0
    for offset in 0..<end { difference |= left[offset] ^ right[offset] }
    return difference == 0
  }

  /// Whether two forms have the same key; a form that lacks a part of it has none.
  func isSame(_ one: ClientForm, _ other: ClientForm) -> Bool {
    switch self {
    case .socialSecurityNumber:
      one.has(.socialSecurityNumber)
        && one.number(.socialSecurityNumber) == other.number(.socialSecurityNumber)
    case .nameAndBirthDate: ClientIdentity.isSame(one, other)
    case .mothersFirstName:
      one.has(.mothersFirstName) && other.has(.mothersFirstName) && one.has(.firstName)
        && one.number(.birthDate) == other.number(.birthDate)
        && ClientIdentity.isSameName(.firstName, one, other)
        && ClientIdentity.isSameName(.mothersFirstName, one, other)
    case .benefitsCard: !one.benefitsCard.isBlank && one.benefitsCard == other.benefitsCard
    }
  }
}

/// The fingerprints of a client's keys; `nil` where the form lacks a part of one.
struct ClientKeys: BitwiseCopyable {
  private var fingerprints = InlineArray<4, UInt32?>(repeating: nil)

  func isSame(as other: ClientKeys) -> Bool {
    fingerprints.indices.allSatisfy { fingerprints[$0] == other.fingerprints[$0] }
  }

  fileprivate subscript(key: ClientKey) -> UInt32? {
    get { fingerprints[Int(key.rawValue) - 1] }
    set { fingerprints[Int(key.rawValue) - 1] = newValue }
  }
}

extension TransactionEngine {
  /// The keys of a form, with what leads to their records on its way from memory: one by one, each
  /// would be waited for.
  func foreseenKeys(of form: ClientForm) -> ClientKeys {
    var found = ClientKeys()
    let block = form.block.span
    for key in ClientKey.all {
      guard let fingerprint = key.fingerprint(of: form, block, index.keyHasher) else { continue }
      index.foresee(key: fingerprint)
      found[key] = fingerprint
    }
    return found
  }

  /// Puts a record in the place that its card was found at, and lets it be found by all its keys,
  /// which may have been made already.
  ///
  /// Keys that it had before stay: whoever finds it by one of them compares.
  mutating func write(
    _ record: EligibilityRecord, _ keys: ClientKeys? = nil, at found: RecordSlot
  ) -> RecordSlot {
    let hasSameKeys = !found.isAbsent && ClientKey.areSame(index[found].client, record.client)
    if hasSameKeys { return index.write(record, at: found) }
    // Under the keys of another form the record would not be found, and after a restart it would.
    assert(keys?.isSame(as: foreseenKeys(of: record.client)) ?? true, "another form's keys")
    let keys = keys ?? foreseenKeys(of: record.client)
    let slot = index.write(record, at: found)
    for key in ClientKey.all {
      if let fingerprint = keys[key] { index.addKey(fingerprint, for: slot) }
    }
    return slot
  }

  /// The number of another active card that is most likely the same client's; blank for none.
  ///
  /// The card changed last goes first among equals. One that was merged has its successor there.
  func matchingCard(for record: EligibilityRecord, _ keys: ClientKeys) -> CardNumber {
    for key in ClientKey.ofSameClient {
      guard let fingerprint = keys[key] else { continue }
      let candidates = index.candidates(for: fingerprint)
      var best = RecordSlot.absent
      for place in 0..<candidates.count {
        let slot = candidates[place]
        guard index[slot].card != record.card, index[slot].hasBeenActivated,
          index[slot].alias.isBlank, key.isSame(index[slot].client, record.client),
          index[best].lastPosition < index[slot].lastPosition
        else { continue }
        best = slot
      }
      if !best.isAbsent { return index[best].card }
    }
    return .blank
  }

  /// The place of the record of a card, or of the client whose form has the number as that of a
  /// benefits card.
  ///
  /// Where several have it, one that was activated goes first, then the one that was changed last.
  /// At least one record is compared, so that finding nothing is the same work.
  mutating func lookUpByAnyNumber(_ card: CardNumber) -> RecordSlot {
    guard case .valid = CardScheme.benefits.judge(card) else { return lookUp(card) }
    work.keyLookUps &+= 1
    var hasher = index.keyHasher
    hasher.combine(ClientKey.benefitsCard.rawValue)
    hasher.combine(card)
    let candidates = index.candidates(for: hasher.finish())
    var best = RecordSlot.absent
    for place in 0..<max(1, candidates.count) {
      let slot = candidates[place]
      guard index[slot].client.benefitsCard == card else { continue }
      let isActivated = index[slot].hasBeenActivated
      let isLikelier =
        isActivated == index[best].hasBeenActivated
        ? index[best].lastPosition < index[slot].lastPosition : isActivated
      if isLikelier { best = slot }
    }
    return best
  }
}

extension KeyHasher {
  fileprivate mutating func combine(_ field: ClientField, in block: Span<UInt8>) {
    var letters = NameLetters(field, in: block)
    var word: UInt64 = 0
    while let letter = letters.next(in: block) {
      word = word << 8 | UInt64(letter)
      if word >> 56 != 0 {
        combine(word)
        word = 0
      }
    }
    // Less than eight letters, or none: keeps two names from running into each other.
    combine(word)
  }

  fileprivate mutating func combine(_ card: CardNumber) {
    combine(card.high)
    combine(card.low)
  }
}

extension ClientForm {
  /// The number of the client's benefits card; blank when it is absent.
  fileprivate var benefitsCard: CardNumber {
    guard has(.benefitsCard) else { return .blank }
    let offset = ClientField.benefitsCard.layout.offset
    let bytes = block.span
    var (high, low) = (UInt64(0), UInt64(0))
    for index in 0..<8 {
      high = high << 8 | UInt64(bytes[offset + index])
      low = low << 8 | UInt64(bytes[offset + 8 + index])
    }
    return CardNumber(high: high, low: low)
  }
}
