public import TransactionModel

/// Why a swiped or typed card gave no number; nothing of what was read is in it.
public enum CardReadingError: Error, Hashable, Sendable {
  /// Nothing was read but line ends.
  case nothingRead
  /// What was read, or its rest, begins with the start sentinel of no track, or of one that has
  /// been read already.
  case noStartSentinel
  /// A track breaks off before its end sentinel.
  case truncated(track: Int)
  /// The reader marked the track as unreadable, or a character cannot stand where it does.
  case misread(track: Int)
  /// The redundancy check at the track's end does not agree with its characters.
  case redundancyCheckWrong(track: Int)
  /// Both tracks were read well, and hold different numbers.
  case tracksDisagree
  /// A typed number has a character that is no letter, digit, space or dash.
  case characterNotAllowed
  /// The number keeps the form of no card scheme.
  case unknownCard
  /// The number has the form of a scheme, and its check digit is wrong.
  case checkDigitWrong
}

/// The magnetic stripe of a card, as a reader delivers it (ISO/IEC 7811 and 7813).
///
/// The layout of the program's own stripe is not public; this one is posd's:
///
/// | track | characters |
/// | --- | --- |
/// | 1 | `%B` number `^` name, may be empty `^` expiry YYMM, then 0000 `?` |
/// | 2 | `;` number `=` expiry YYMM, then 0000 `?` |
///
/// A number with a letter, as benefits cards have, fits on track 1 only. Behind its end sentinel a
/// track may have its redundancy check, the exclusive or of its characters, sentinels included.
/// Readers deliver the tracks one after the other, in either letter case, with or without that
/// check and with line ends. What stands behind the number is not looked at. A mark for a misread
/// character is an `E`: in the ninth place of a number it is also the letter of a benefits card,
/// and only the check or the other track can tell.
public enum CardTrack {
  /// The number of a card that was swiped.
  ///
  /// Where one track is damaged the other one decides: that is what there are two for.
  public static func number(
    fromSwipe text: some StringProtocol
  ) throws(CardReadingError) -> CardNumber {
    var rest = text.utf8.map(capital)[...]
    var first: Result<CardNumber, CardReadingError>?
    var second: Result<CardNumber, CardReadingError>?
    rest = rest.drop(while: StripeTrack.isLineEnd)
    guard !rest.isEmpty else { throw .nothingRead }
    while let sentinel = rest.first, sentinel != StripeTrack.thirdStartSentinel {
      if sentinel == StripeTrack.first.startSentinel, first == nil {
        first = StripeTrack.first.takeNumber(from: &rest)
      } else if sentinel == StripeTrack.second.startSentinel, second == nil {
        second = StripeTrack.second.takeNumber(from: &rest)
      } else {
        throw .noStartSentinel
      }
      rest = rest.drop(while: StripeTrack.isLineEnd)
    }
    return try judge(choose(first, second))
  }

  /// The number of a card that was typed; spaces and dashes in it are passed over.
  public static func number(
    fromKeyed text: some StringProtocol
  ) throws(CardReadingError) -> CardNumber {
    var characters: [UInt8] = []
    for byte in text.utf8.map(capital) {
      switch byte {
      case 0x30...0x39, 0x41...0x5A: characters.append(byte)
      case 0x20, 0x2D: continue
      default: throw .characterNotAllowed
      }
    }
    guard !characters.isEmpty else { throw .nothingRead }
    guard let number = CardNumber(String(decoding: characters, as: UTF8.self)) else {
      throw .unknownCard
    }
    return try judge(number)
  }

  /// What a reader delivers when a card with this number is swiped.
  public static func swipe(_ number: CardNumber, withRedundancyCheck: Bool = false) -> String {
    let digits = number.revealed
    var tracks = [(StripeTrack.first, "%B\(digits)^^\(expiry)?")]
    if digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      tracks.append((.second, ";\(digits)=\(expiry)?"))
    }
    return tracks.reduce(into: "") { swipe, track in
      swipe += track.1
      guard withRedundancyCheck else { return }
      swipe.unicodeScalars.append(Unicode.Scalar(track.0.redundancyCheck(Array(track.1.utf8))))
    }
  }

  /// The cards do not expire: December 2049, and no service code.
  private static let expiry = "49120000"

  private static func choose(
    _ first: Result<CardNumber, CardReadingError>?,
    _ second: Result<CardNumber, CardReadingError>?
  ) throws(CardReadingError) -> CardNumber {
    switch (first, second) {
    case (.success(let number), .success(let other)):
      // Track 2 cannot repeat a number with a letter: there it contradicts by a card number only.
      let isBenefitsCard = CardScheme.benefits.judge(number) == .valid
      guard number == other || isBenefitsCard && CardScheme.judge(other) != .valid else {
        throw .tracksDisagree
      }
      return number
    case (.success(let number), _), (_, .success(let number)): return number
    case (.failure(let error), _), (nil, .failure(let error)): throw error
    case (nil, nil): throw .noStartSentinel
    }
  }

  private static func judge(_ number: CardNumber) throws(CardReadingError) -> CardNumber {
    switch CardScheme.judge(number) {
    case .valid: return number
    case .wrongForm: throw .unknownCard
    case .wrongCheckDigit: throw .checkDigitWrong
    }
  }

  private static func capital(_ byte: UInt8) -> UInt8 {
    (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
  }
}
