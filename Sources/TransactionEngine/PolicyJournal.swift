public import EligibilityPolicy
import Synchronization
public import TransactionModel
import WriteAheadLog

/// A policy file as the log keeps it: whole.
public struct PolicyDocument: Hashable, Sendable {
  /// The most bytes of a file and of its name.
  public static let byteCountMax = 256 << 10
  public static let nameByteCountMax = 255

  public var name: String
  /// The first eight bytes of the SHA-256 of its content, by which decisions name it.
  public var version: UInt64
  public var content: [UInt8]

  public init(name: String, version: UInt64, content: [UInt8]) {
    self.name = name
    self.version = version
    self.content = content
  }
}

/// The policy files that decide, as the log says.
public struct ActivePolicy: Hashable, Sendable {
  /// Whether they say what is compiled in.
  public var isCompiledIn: Bool
  public var documents: [PolicyDocument]
  /// When they began to decide.
  public var since: Instant
  public var position: LogPosition
}

/// What replay and service keep of policy records: the files that decide, and those written since.
struct PolicyJournal {
  var active: ActivePolicy?
  var documents: [LogPosition: PolicyDocument] = [:]

  /// Where a file stands already.
  func position(of document: PolicyDocument) -> LogPosition? {
    documents.first { $0.value == document }?.key
  }

  mutating func note(_ document: PolicyDocument, at position: LogPosition) {
    documents[position] = document
  }

  /// Lets files decide and forgets the others; false when one of them is not known.
  mutating func activate(
    _ entry: PolicyActivationEntry, at position: LogPosition, _ time: Instant
  ) -> Bool {
    var named: [LogPosition: PolicyDocument] = [:]
    for file in entry.files {
      guard let document = documents[file.position], document.version == file.version else {
        return false
      }
      named[file.position] = document
    }
    documents = named
    active = ActivePolicy(
      isCompiledIn: entry.isCompiledIn,
      documents: named.values.sorted { $0.name < $1.name }, since: time, position: position)
    return true
  }
}

extension SharedEngine {
  /// Stages a policy file whole, unless it stands in the log already; `nil` when the batch has no
  /// room, and the committer must take it first.
  public func journal(
    _ document: PolicyDocument, by author: Author, at now: Instant
  ) -> LogPosition? {
    defer { noteStaged() }
    return engine.withLock { $0.journal(document, by: author, at: now) }
  }

  /// Replaces the rules as a whole and stages which files they are; `nil` when the batch has no room.
  ///
  /// Every decision from here on goes by the new rules.
  ///
  /// - Precondition: the files were journalled, and no others were activated since.
  public func activate(
    _ book: PolicyBook, _ entry: PolicyActivationEntry, at now: Instant
  ) -> LogPosition? {
    defer { noteStaged() }
    return engine.withLock { $0.activate(book, entry, at: now) }
  }

  /// Lets rules decide that the log names already: those of `activePolicy`, at start.
  public func restore(_ book: PolicyBook) { engine.withLock { $0.policy = book } }

  /// The files that decide, as the log says; `nil` before any did.
  public var activePolicy: ActivePolicy? { engine.withLock { $0.policyJournal.active } }
}

extension TransactionEngine {
  fileprivate mutating func journal(
    _ document: PolicyDocument, by author: Author, at now: Instant
  ) -> LogPosition? {
    if let position = policyJournal.position(of: document) { return position }
    let time = max(now, newestServerTime)
    let entry = PolicyFileEntry(author: author, document: document)
    let position = batch.append(
      kind: RecordKind.policyFile.rawValue, serverTimeMilliseconds: time.milliseconds,
      maximumByteCount: entry.byteCount
    ) { output in
      entry.write(to: &output)
    }
    guard let position else { return nil }
    newestServerTime = time
    policyJournal.note(document, at: position)
    return position
  }

  fileprivate mutating func activate(
    _ book: PolicyBook, _ entry: PolicyActivationEntry, at now: Instant
  ) -> LogPosition? {
    let time = max(now, newestServerTime)
    let position = batch.append(
      kind: RecordKind.policyActivation.rawValue, serverTimeMilliseconds: time.milliseconds,
      maximumByteCount: entry.byteCount
    ) { output in
      entry.write(to: &output)
    }
    guard let position else { return nil }
    newestServerTime = time
    let isKnown = policyJournal.activate(entry, at: position, time)
    precondition(isKnown, "a policy file is activated that was not journalled")
    policy = book
    // Every answer rests on the rules, as it does on the register.
    registerPosition = position
    return position
  }
}
