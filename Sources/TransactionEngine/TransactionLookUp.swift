public import Cryptography
import Synchronization
public import TransactionModel
public import WireFormat

/// Leads from confirmation numbers back to positions, for whoever has the installation's key.
public struct ConfirmationKey: ~Copyable {
  private var permutation: KeyedPermutation

  /// Takes the 32 bytes of the key; the mark in a log tells whether it is the log's.
  public init(_ key: [UInt8]) throws(CryptographyError) {
    permutation = try KeyedPermutation(key: key)
  }

  /// The position that a number stands for, whether or not it was ever given.
  public mutating func position(of number: ConfirmationNumber) -> LogPosition {
    LogPosition(rawValue: permutation.preimage(of: number.permuted))
  }
}

/// Whether a change was reversed, as far as the engine remembers.
public enum ReversalState: Hashable, Sendable {
  case notReversed
  /// Undone, or kept from being carried out, by the reversal at a position.
  case reversed(by: LogPosition)
  /// The change is not among those that are kept for repeats: only the log can tell.
  case forgotten
}

extension SharedEngine {
  /// The position that a confirmation number stands for, whether or not it was ever given.
  public func position(of number: ConfirmationNumber) -> LogPosition {
    engine.withLock {
      LogPosition(rawValue: $0.confirmations.preimage(of: number.permuted))
    }
  }

  /// How long after it was decided a change may be reversed.
  public var reversalMillisecondsMax: UInt64 {
    engine.withLock { $0.settings.reversalMillisecondsMax }
  }

  /// What the duplicate store knows of the reversal of a change at a position.
  public func reversalState(
    of record: TransactionRecord, at position: LogPosition
  ) -> ReversalState {
    let finding = engine.withLock {
      $0.duplicates.find(
        record.terminal, record.traceNumber, at: Instant(milliseconds: .max))
    }
    guard case .stored(let answer) = finding, answer.position == position else {
      return .forgotten
    }
    return answer.reversal == .zero ? .notReversed : .reversed(by: answer.reversal)
  }
}

extension TransactionRecord {
  /// The confirmation number that the stored reply told; `nil` when it told none.
  public var confirmation: ConfirmationNumber? {
    let start = OutcomeLayout.confirmation.offset - HeaderLayout.byteCount
    guard replyBodyByteCount >= start + ConfirmationNumber.byteCount else { return nil }
    var characters = InlineArray<14, UInt8>(repeating: 0)
    for index in 0..<ConfirmationNumber.byteCount { characters[index] = replyBody[start + index] }
    return ConfirmationNumber(characters: characters)
  }

  /// Whether this is a reversal that names a change.
  public func reverses(_ change: TransactionRecord) -> Bool {
    guard let original, original.effect != .nothing else { return false }
    return terminal == change.terminal && original.traceNumber == change.traceNumber
      && original.messageType == change.messageType
      && original.transactionTime == change.transactionTime
  }

  /// Whether a record's body may be of a terminal: all that a search looks at of most records.
  public static func mayBe(of terminal: TerminalID, _ body: RawSpan) -> Bool {
    var reader = RecordReader(body)
    return reader.next() == terminal.rawValue
  }

  /// Whether a record's body may name a card.
  public static func mayName(_ card: CardNumber, _ body: RawSpan) -> Bool {
    guard body.byteCount >= fixedByteCount else { return false }
    var reader = RecordReader(body.extracting(droppingFirst: cardOffset))
    return reader.nextCard() == card
  }

  private static let cardOffset = 88
}
