public import TransactionModel

/// A policy file as the log has it.
///
/// Little-endian:
///
///      0   8  author
///      8   8  version: the first eight bytes of the content's SHA-256, the first one highest
///     16   4  byte count of the content
///     20   2  byte count of the name
///     22   2  zero
///     24      name, UTF-8; then content
public struct PolicyFileEntry: Sendable {
  public var author: Author
  public var document: PolicyDocument

  init(author: Author, document: PolicyDocument) {
    precondition(
      document.content.count <= PolicyDocument.byteCountMax
        && document.name.utf8.count <= PolicyDocument.nameByteCountMax,
      "a policy file that no record holds")
    self.author = author
    self.document = document
  }

  var byteCount: Int { Author.byteCount + document.recordByteCount }

  func write(to output: inout OutputRawSpan) {
    author.write(to: &output)
    document.write(to: &output)
  }

  /// Reads an entry; `nil` when it breaks the layout.
  public init?(_ body: RawSpan) {
    var reader = RecordReader(body)
    guard let author = Author(&reader), let document = PolicyDocument(&reader),
      reader.remainingByteCount == 0
    else { return nil }
    self.author = author
    self.document = document
  }
}

/// A policy file as a record of the log or of a snapshot has it, behind what comes before.
extension PolicyDocument {
  private static let headByteCount = 16

  var recordByteCount: Int { Self.headByteCount + name.utf8.count + content.count }

  func write(to output: inout OutputRawSpan) {
    output.put(version)
    output.put(UInt32(content.count))
    output.put(UInt16(name.utf8.count))
    output.put(UInt16(0))
    for byte in name.utf8 { output.append(byte) }
    for byte in content { output.append(byte) }
  }

  init?(_ reader: inout RecordReader) {
    guard let version: UInt64 = reader.next(), let contentByteCount: UInt32 = reader.next(),
      let nameByteCount: UInt16 = reader.next(), contentByteCount <= Self.byteCountMax,
      nameByteCount <= Self.nameByteCountMax, reader.skipZeros(2),
      let nameBytes = reader.nextBytes(count: Int(nameByteCount)),
      let name = String(validating: nameBytes, as: UTF8.self),
      let content = reader.nextBytes(count: Int(contentByteCount))
    else { return nil }
    self.init(name: name, version: version, content: content)
  }
}

/// Which policy files decide from a record on.
///
/// Little-endian:
///
///      0   8  author
///      8   4  how many files
///     12   1  1 when they say what is compiled in, else 0
///     13   3  zero
///     16      for each file: 8 version, 8 position of its record
public struct PolicyActivationEntry: Sendable {
  /// The most files of a policy.
  public static let fileCountMax = 256
  private static let headByteCount = Author.byteCount + 8

  public struct File: Hashable, Sendable {
    public var version: UInt64
    public var position: LogPosition

    public init(version: UInt64, position: LogPosition) {
      self.version = version
      self.position = position
    }
  }

  public var author: Author
  public var isCompiledIn: Bool
  public var files: [File]

  public init(author: Author, isCompiledIn: Bool, files: [File]) {
    precondition(files.count <= Self.fileCountMax, "a policy of too many files")
    self.author = author
    self.isCompiledIn = isCompiledIn
    self.files = files
  }

  var byteCount: Int { Self.headByteCount + files.count * 16 }

  func write(to output: inout OutputRawSpan) {
    author.write(to: &output)
    output.put(UInt32(files.count))
    output.put(UInt32(isCompiledIn ? 1 : 0))
    for file in files {
      output.put(file.version)
      output.put(file.position.rawValue)
    }
  }

  /// Reads an entry; `nil` when it breaks the layout.
  public init?(_ body: RawSpan) {
    var reader = RecordReader(body)
    guard let author = Author(&reader), let count: UInt32 = reader.next(),
      count <= Self.fileCountMax, let compiledIn: UInt32 = reader.next(), compiledIn <= 1
    else { return nil }
    var files: [File] = []
    for _ in 0..<count {
      guard let version: UInt64 = reader.next(), let position: UInt64 = reader.next() else {
        return nil
      }
      files.append(File(version: version, position: LogPosition(rawValue: position)))
    }
    guard reader.remainingByteCount == 0 else { return nil }
    self.init(author: author, isCompiledIn: compiledIn == 1, files: files)
  }
}
