import TransactionModel

/// One of the two tracks that hold a card number: its sentinels, characters and check.
struct StripeTrack {
  let number: Int
  let startSentinel: UInt8
  let separator: UInt8
  /// The character whose bits on the stripe are all zero; the set goes on from there.
  let firstCharacter: UInt8
  let characterCount: UInt8
  /// Stands before the number, and says how the track is laid out.
  let formatCode: [UInt8]

  /// Six bits a character: capital letters, digits, signs.
  static let first = StripeTrack(
    number: 1, startSentinel: UInt8(ascii: "%"), separator: UInt8(ascii: "^"),
    firstCharacter: 0x20, characterCount: 64, formatCode: [UInt8(ascii: "B")])
  /// Four bits a character: digits and six signs.
  static let second = StripeTrack(
    number: 2, startSentinel: UInt8(ascii: ";"), separator: UInt8(ascii: "="),
    firstCharacter: 0x30, characterCount: 16, formatCode: [])
  /// Begins a third track, which holds nothing of ours.
  static let thirdStartSentinel = UInt8(ascii: "+")
  static let endSentinel = UInt8(ascii: "?")
  /// What readers put where they could not read a character, or a whole track.
  static let errorMark = UInt8(ascii: "E")

  /// The check over a track's characters, sentinels included, as a character of its set.
  func redundancyCheck(_ characters: some Collection<UInt8>) -> UInt8 {
    let bits = characters.reduce(0) { $0 ^ ($1 &- firstCharacter) }
    return (bits & (characterCount - 1)) + firstCharacter
  }

  /// Takes this track off the front of what was read, which begins with its start sentinel.
  ///
  /// The number need not be one of a scheme.
  func takeNumber(
    from rest: inout ArraySlice<UInt8>
  ) -> Result<CardNumber, CardReadingError> {
    guard let end = rest.firstIndex(of: Self.endSentinel) else {
      rest = []
      return .failure(.truncated(track: number))
    }
    let track = rest[...end]
    rest = rest[(end + 1)...]
    let isChecked = takeRedundancyCheck(of: track, from: &rest)
    let body = track.dropFirst().dropLast()
    guard body.allSatisfy({ $0 &- firstCharacter < characterCount }) else {
      return .failure(.misread(track: number))
    }
    guard body.first != Self.errorMark || body.count > 1 else {
      return .failure(.misread(track: number))
    }
    guard isChecked else { return .failure(.redundancyCheckWrong(track: number)) }
    return findNumber(in: body)
  }

  /// Takes the check that may follow a track; `false` when there is one and it is wrong.
  ///
  /// The check can be any character of the set, a start sentinel too. So it is one where it has the
  /// right value and a track or the end follows, or where neither stands in its place.
  private func takeRedundancyCheck(
    of track: ArraySlice<UInt8>, from rest: inout ArraySlice<UInt8>
  ) -> Bool {
    if rest.first == redundancyCheck(track), Self.isBoundary(rest.dropFirst()) {
      rest = rest.dropFirst()
      return true
    }
    if Self.isBoundary(rest) { return true }
    rest = rest.dropFirst()
    return false
  }

  private static func isBoundary(_ rest: ArraySlice<UInt8>) -> Bool {
    guard let next = rest.first else { return true }
    return next == first.startSentinel || next == second.startSentinel
      || next == thirdStartSentinel || isLineEnd(next)
  }

  static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

  private func findNumber(
    in body: ArraySlice<UInt8>
  ) -> Result<CardNumber, CardReadingError> {
    guard body.starts(with: formatCode) else { return .failure(.unknownCard) }
    guard let end = body.firstIndex(of: separator) else {
      return .failure(.misread(track: number))
    }
    let characters = body[..<end].dropFirst(formatCode.count)
    guard let card = CardNumber(String(decoding: characters, as: UTF8.self)) else {
      return .failure(.unknownCard)
    }
    if case .wrongForm = CardScheme.judge(card), characters.contains(Self.errorMark) {
      return .failure(.misread(track: number))
    }
    return .success(card)
  }
}
