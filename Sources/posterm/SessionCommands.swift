import ArgumentParser
import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// The command `posterm sign-on`.
struct SignOn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign-on", abstract: "Begin an operator's work at this terminal.")

  @OptionGroup var options: TerminalOptions

  @Option(help: "File with the secret to have from now on: 8 to 16 characters.")
  var newSecretFile: String?

  func run() throws {
    let secret = try options.secret() ?? .none
    let newSecret = try newSecretFile.map(TerminalOptions.secret) ?? .none
    try Transaction(options: options).run { _ in
      .signOn(
        secret: secret, newSecret: newSecret, softwareVersion: ReliableTerminal.softwareVersion,
        highestVersion: HeaderLayout.protocolVersion)
    }
  }
}

/// The command `posterm sign-off`.
struct SignOff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign-off", abstract: "End an operator's work at this terminal.")

  @OptionGroup var options: TerminalOptions

  func run() throws { try Transaction(options: options).run { _ in .signOff } }
}

/// The command `posterm echo`.
struct Echo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Try the line, and compare the clocks.")

  @OptionGroup var options: TerminalOptions

  func run() throws { try Transaction(options: options).run { _ in .echo } }
}

/// The command `posterm last`.
struct Last: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the answer to an earlier change once more.")

  @OptionGroup var options: TerminalOptions

  @Option(help: "Its trace number; the newest change if none.") var wantedStan: UInt32 = 0

  func run() throws {
    try Transaction(options: options).run { _ in .last(traceNumber: wantedStan) }
  }
}

/// The command `posterm reverse`.
struct Reverse: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Undo an earlier change.")

  private static let types: [MessageType] = [.activate, .recertify, .update, .deactivate]
  private static let reasons = ["cancelled", "no-answer", "fault"]

  @OptionGroup var options: TerminalOptions

  @Option(help: "The trace number of the change.") var originalStan: UInt32
  @Option(help: "activate, recertify, update or deactivate.") var originalType: String
  @Option(help: "Its transaction time, as for --transaction-time.") var originalTime: String
  @Option(help: "cancelled, no-answer or fault.") var reason = "cancelled"

  func run() throws {
    guard let type = Self.types.first(where: { "\($0)" == originalType }) else {
      throw UsageError("--original-type is activate, recertify, update or deactivate")
    }
    guard let time = TerminalOptions.instant(originalTime) else {
      throw UsageError("--original-time is a number, or 2026-04-15T16:00:00Z")
    }
    guard let reason = Self.reasons.firstIndex(of: reason) else {
      throw UsageError("--reason is cancelled, no-answer or fault")
    }
    try Transaction(options: options).run { _ in
      .reverse(
        traceNumber: SystemTraceAuditNumber(rawValue: originalStan), type: type,
        reason: UInt8(reason + 1), time: time)
    }
  }
}
