import ArgumentParser
import Foundation
import Installation
import TransactionModel
import WireFormat

/// A card as it stands on the command line, or `-` for a line of standard input.
///
/// Arguments are there for every user of the machine to see, in the list of processes.
struct CardArgument: ExpressibleByArgument {
  static let help: ArgumentHelp =
    "Card number, or - to read it from standard input: arguments show in the list of processes."

  private let text: String

  init(argument: String) { text = argument }

  /// The argument itself, or the next line of standard input.
  private func resolved() throws -> String {
    guard text == "-" else { return text }
    guard let line = readLine(strippingNewline: true) else {
      throw ValidationError("standard input has no card number")
    }
    return String(line.filter { !$0.isWhitespace })
  }

  /// A whole card number with its check digit.
  func card() throws -> CardNumber {
    guard let card = CardNumber(try resolved()), case .valid = CardScheme.judge(card) else {
      throw ValidationError("that is no card number: compare its check digit")
    }
    return card
  }

  /// A serial number of at most 13 digits, or that of a whole card number of 14.
  func serial() throws -> UInt64 {
    let digits = try resolved()
    if digits.count == 14, let card = CardNumber(digits), let serial = CardScheme.serial(of: card) {
      return serial
    }
    let isNumber = digits.allSatisfy { $0.isASCII && $0.isNumber }
    guard digits.count <= 13, isNumber, let serial = UInt64(digits) else {
      throw ValidationError("a serial number of 13 digits or a card number of 14 is wanted")
    }
    return serial
  }
}

extension JSONValue {
  /// A whole card number, for the daemon only.
  init(revealing card: CardNumber) { self = .string(card.revealed) }
}
