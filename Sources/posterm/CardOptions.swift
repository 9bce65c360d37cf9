import ArgumentParser
import TerminalClient
import TransactionModel
import WireFormat

/// The card that a request is about: swiped or typed.
///
/// What stands on the command line others on the machine can see; standard input they cannot.
struct CardOptions: ParsableArguments {
  @Option(help: "What the card reader delivered; - reads it from standard input.")
  var track: String?

  @Option(help: "The card number as typed; - reads it from standard input.") var card: String?

  func validate() throws {
    guard (track == nil) != (card == nil) else {
      throw ValidationError("one of --track and --card is wanted")
    }
  }

  var flags: FrameFlags { card == nil ? [] : .keyed }

  /// The number, whose check digit is right: a wrong one does not leave the terminal.
  func number() throws -> CardNumber {
    do throws(CardReadingError) {
      if let track { return try CardTrack.number(fromSwipe: Self.text(track)) }
      return try CardTrack.number(fromKeyed: Self.text(card ?? ""))
    } catch {
      throw UsageError(error.advice)
    }
  }

  private static func text(_ option: String) -> String {
    option == "-" ? readLine(strippingNewline: true) ?? "" : option
  }
}
