import Installation
public import TransactionModel
public import WireFormat
public import WriteAheadLog

/// A question to the log: which transactions there were.
public struct TransactionSearch: Hashable, Sendable {
  public enum Subject: Hashable, Sendable {
    case confirmation(ConfirmationNumber)
    case card(CardNumber)
    case terminal(TerminalID)
  }

  public static let limitMax = 200
  public static let limitDefault = 20

  public var subject: Subject
  /// Nothing that was decided before.
  public var since = Instant.none
  /// The most transactions of one answer: the newest ones.
  public var limit = limitDefault
  /// The part of the log to look in; `nil` for the newest.
  public var part: UInt64?
  /// Only transactions before this position: where an answer had no room for all of a part.
  public var before: LogPosition?
}

/// The log as a look-up reads it: in parts, each of bounded size, so that nobody waits long for it.
public protocol RecordArchive: Sendable {
  /// The numbers of the parts that there are; `nil` when there are none.
  func numbers() throws(LogError) -> ClosedRange<UInt64>?
  /// The part that holds a position, if any does; `nil` when the log begins behind it.
  func number(holding position: LogPosition) throws(LogError) -> UInt64?
  /// Shows the records of a part behind a position and through a durable one, in order.
  func read(
    _ number: UInt64, after: LogPosition, through: LogPosition,
    _ body: (LogRecordView) throws -> Void
  ) throws(LogError)
}

extension LogParts: RecordArchive {}

extension ControlArguments {
  mutating func search() -> TransactionSearch? {
    guard let subject = searchSubject() else { return nil }
    var search = TransactionSearch(subject: subject)
    if has("since") {
      guard let since = instant("since") else { return nil }
      search.since = since
    }
    if has("limit") {
      guard let limit = number("limit", in: 1...UInt64(TransactionSearch.limitMax)) else {
        return nil
      }
      search.limit = Int(limit)
    }
    if has("part") {
      guard let part = number("part", in: 1...UInt64.max) else { return nil }
      search.part = part
    }
    if has("before") {
      guard let before = number("before", in: 1...UInt64.max) else { return nil }
      search.before = LogPosition(rawValue: before)
    }
    return search
  }

  private mutating func searchSubject() -> TransactionSearch.Subject? {
    let names = ["confirmation", "card", "terminal"].filter(has)
    guard names.count == 1 else {
      reader.report("confirmation", "one of confirmation, card and terminal is wanted")
      return nil
    }
    switch names[0] {
    case "card": return card().map(TransactionSearch.Subject.card)
    case "terminal":
      return number("terminal", in: 1...UInt64.max).map { .terminal(TerminalID(rawValue: $0)) }
    default:
      guard let text = text("confirmation") else { return nil }
      guard let number = ConfirmationNumber(text) else {
        reader.report("confirmation", "a confirmation number with its check character is wanted")
        return nil
      }
      return .confirmation(number)
    }
  }
}
