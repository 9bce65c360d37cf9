public import EligibilityPolicy
public import PolicyFiles
public import TransactionEngine
public import TransactionModel

/// Rules and the files that they were read from.
public struct PolicyEdition: Sendable {
  public var book: PolicyBook
  public var files: [PolicyFile]
  public var isCompiledIn: Bool

  /// What is compiled in, as files.
  public static var compiledIn: PolicyEdition {
    PolicyEdition(book: .compiledIn, files: PolicyBook.compiledIn.files, isCompiledIn: true)
  }

  public init(book: PolicyBook, files: [PolicyFile], isCompiledIn: Bool) {
    self.book = book
    self.files = files
    self.isCompiledIn = isCompiledIn
  }

  /// Reads a directory whole, or says all that is wrong in it.
  public init(directory: String) throws(PolicyFilesError) {
    let files = try PolicyFile.all(in: directory)
    self.init(book: try PolicyBook(files: files), files: files, isCompiledIn: false)
  }

  /// What the log says that decides.
  public init(_ active: ActivePolicy) throws(PolicyFilesError) {
    let files = active.documents.map { PolicyFile(name: $0.name, bytes: $0.content) }
    for (file, document) in zip(files, active.documents) where file.version != document.version {
      throw .mistakes([PolicyMistake(file.name, "the log has other content than its version says")])
    }
    self.init(
      book: try PolicyBook(files: files), files: files, isCompiledIn: active.isCompiledIn)
  }

  /// Whether the log says that exactly these files decide.
  public func isActive(in active: ActivePolicy?) -> Bool {
    guard let active, active.isCompiledIn == isCompiledIn else { return false }
    return Set(active.documents) == Set(files.map(PolicyDocument.init))
  }

  /// Journals the files that the log has not, and lets them decide from one moment on.
  ///
  /// `makeRoom` is called when the staged batch is full, and ends when the committer has taken it;
  /// it throws when that does not happen. What was journalled by then does no harm.
  public func activate<Failure: Error>(
    in engine: SharedEngine, by author: Author, at now: Instant,
    makeRoom: () throws(Failure) -> Void
  ) throws(Failure) -> LogPosition {
    var entries: [PolicyActivationEntry.File] = []
    for file in files {
      var position = engine.journal(PolicyDocument(file), by: author, at: now)
      while position == nil {
        try makeRoom()
        position = engine.journal(PolicyDocument(file), by: author, at: now)
      }
      guard let position else { preconditionFailure("the loop ends with a position") }
      entries.append(PolicyActivationEntry.File(version: file.version, position: position))
    }
    let entry = PolicyActivationEntry(author: author, isCompiledIn: isCompiledIn, files: entries)
    while true {
      if let position = engine.activate(book, entry, at: now) { return position }
      try makeRoom()
    }
  }
}

extension PolicyDocument {
  init(_ file: PolicyFile) {
    self.init(name: file.name, version: file.version, content: file.bytes)
  }
}
