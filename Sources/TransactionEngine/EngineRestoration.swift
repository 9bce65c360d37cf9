import Cryptography
import EligibilityIndex
import TransactionModel
public import WriteAheadLog

/// Why a snapshot that is whole does not make an engine.
public enum RestorationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A record of a kind that this version does not know: a later version wrote it.
  case unknownKind(UInt16)
  /// A record that breaks its layout, or comes out of order.
  case malformed(UInt16)
  /// Cards or keys are fewer or more than the first record says.
  case incomplete
  case foreignEnvironment(UInt8)
  case foreignConfirmationKey

  public var description: String {
    switch self {
    case .unknownKind(let kind):
      "a record is of kind \(kind), which this posd does not know: start the version that wrote it"
    case .malformed(let kind):
      "a record of kind \(kind) breaks the layout of LOG_FORMAT.md: start the version that wrote it"
    case .incomplete: "it does not hold what its first record says"
    case .foreignEnvironment(let environment):
      "it belongs to environment \(environment): the data directory is another installation's"
    case .foreignConfirmationKey:
      "it was made with another confirmation key: restore the key from the same backup as the log"
    }
  }
}

/// An engine that is being filled from a snapshot, record by record.
public struct EngineRestoration: ~Copyable {
  private var engine: TransactionEngine
  private var head: SnapshotHead?
  private var keyCount: UInt64 = 0
  /// The terminal whose answers come.
  private var terminal: TerminalID?

  /// Begins with an engine that knows nothing yet.
  public init(_ engine: consuming TransactionEngine) { self.engine = engine }

  /// Takes the next record in.
  public mutating func take(_ view: borrowing LogRecordView) throws(RestorationError) {
    guard let kind = SnapshotRecordKind(rawValue: view.kind) else {
      throw .unknownKind(view.kind)
    }
    var reader = RecordReader(view.body)
    guard (head == nil) == (kind == .head) else { throw .malformed(view.kind) }
    if kind == .head { return try begin(&reader) }
    guard take(kind, &reader), reader.remainingByteCount == 0 else { throw .malformed(view.kind) }
  }

  /// Gives the engine, when all is there.
  public consuming func finish() throws(RestorationError) -> TransactionEngine {
    guard let head, head.cardCount == engine.index.count, head.keyCount == keyCount else {
      throw .incomplete
    }
    engine.index.linkAppended()
    engine.recallActivities()
    return engine
  }

  private mutating func begin(_ reader: inout RecordReader) throws(RestorationError) {
    guard let head = SnapshotHead(&reader), reader.remainingByteCount == 0,
      head.cardCount <= EligibilityIndex.recordCountMax, head.keyCount <= 1 << 34
    else { throw .malformed(SnapshotRecordKind.head.rawValue) }
    guard head.environment == engine.settings.environment.rawValue else {
      throw .foreignEnvironment(head.environment)
    }
    guard head.keyMark == engine.confirmations.image(of: 0) else { throw .foreignConfirmationKey }
    engine.index = EligibilityIndex(
      expectedCount: max(engine.settings.expectedCardCount, Int(head.cardCount)),
      hashSeed: head.indexSeed)
    engine.index.reserveKeys(Int(head.keyCount))
    engine.registerPosition = LogPosition(rawValue: head.registerPosition)
    engine.newestServerTime = Instant(milliseconds: head.newestServerTime)
    engine.undoStore.droppedThrough = LogPosition(rawValue: head.droppedThrough)
    self.head = head
  }

  /// Takes a record other than the first; false when it breaks its layout.
  private mutating func take(_ kind: SnapshotRecordKind, _ reader: inout RecordReader) -> Bool {
    switch kind {
    case .site, .terminal, .operator, .cardRange, .provider, .outage:
      return engine.register.restore(kind, &reader)
    case .siteCards: return engine.register.restoreCards(&reader)
    case .credential: return engine.credentials.restore(&reader)
    case .session: return engine.sessions.restore(&reader)
    case .policyFile: return engine.policyJournal.restoreFile(&reader)
    case .policyActivation: return engine.policyJournal.restoreActivation(&reader)
    case .cards:
      repeat {
        let isWhole = engine.index.append { RecordImage.read(&reader, into: &$0) }
        guard isWhole else { return false }
      } while reader.remainingByteCount > 0
      return true
    case .keys:
      while let entry: UInt64 = reader.next() {
        guard engine.index.appendKey(entry) else { return false }
        keyCount += 1
      }
      return true
    case .terminalHistory:
      terminal = engine.duplicates.restoreHistory(&reader)
      return terminal != nil
    case .answer:
      guard let answer = StoredAnswer(&reader), let terminal else { return false }
      return engine.duplicates.restore(answer, of: terminal)
    case .undo:
      return engine.undoStore.restore(&reader, recordCount: engine.index.count)
    case .head: return false
    }
  }
}
