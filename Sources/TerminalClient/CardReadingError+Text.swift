public import WireFormat

extension CardReadingError {
  /// What to tell the clerk; nothing of what was read is in it.
  public var advice: String {
    switch self {
    case .nothingRead: "no card number was read"
    case .noStartSentinel: "this is not what a card reader delivers: swipe again"
    case .truncated(let track): "track \(track) breaks off: swipe again"
    case .misread(let track): "track \(track) was misread: swipe again, or type the number"
    case .redundancyCheckWrong(let track):
      "track \(track) fails its check: swipe again, or type the number"
    case .tracksDisagree: "the tracks of the card hold different numbers: do not accept the card"
    case .characterNotAllowed: "a card number has digits and letters only"
    case .unknownCard: "this is no number of a health access or benefits card"
    case .checkDigitWrong: "the number has a wrong check digit: compare it with the card"
    }
  }
}
