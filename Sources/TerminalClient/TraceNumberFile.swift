import Cryptography
import LinuxSystem
import TransactionModel

/// The newest system trace audit number that a terminal has used, kept in a file.
///
/// Two slots at offsets 0 and 4096, so that no write touches the sector of the other. A slot is
/// twenty decimal digits, a space, the SHA-256 of the digits in hexadecimal, and a line feed. The
/// digits count the numbers given out, so that they go on growing where the numbers begin again at
/// 1 (SPECIFICATION.md, 4.8). The count is the larger one of the valid slots, and a new one goes to
/// the other slot: a write that a crash tore leaves the count before, and the torn one has never
/// left the terminal.
struct TraceNumberFile: ~Copyable {
  private static let slotOffsets = [0, 4096]
  private static let digitCount = 20
  private static let slotByteCount = digitCount + 1 + 2 * SHA256Digest.byteCount + 1
  /// How many numbers there are: 1 to 2^32-1.
  private static let numberCount = UInt64(UInt32.max)

  private let file: File
  private let path: String
  private var slot: Int
  /// How many numbers may have been used since the terminal's first.
  private var count: UInt64

  /// The newest number that may have been used; 0 before the first.
  var newest: UInt32 { Self.number(count) }

  /// Opens the file, and makes it when there is none.
  init(_ directory: borrowing Directory, name: String, path: String) throws(TerminalError) {
    let file = try reporting(path) { () throws(SystemError) in
      try Self.createIfMissing(directory, name: name)
      return try directory.openFile(name, .readWrite)
    }
    let first = try Self.count(in: file, at: Self.slotOffsets[0], path: path)
    let second = try Self.count(in: file, at: Self.slotOffsets[1], path: path)
    guard let count = [first, second].compactMap(\.self).max() else {
      throw .traceNumberDamaged(path: path)
    }
    self.file = file
    self.path = path
    self.count = count
    slot = first == count ? 0 : 1
  }

  /// Gives the next number, which is on disk when this returns; after the last comes 1.
  mutating func advance() throws(TerminalError) -> SystemTraceAuditNumber {
    try store(count + 1)
    return SystemTraceAuditNumber(rawValue: newest)
  }

  /// Takes note that numbers up to this one are used.
  mutating func raise(to number: UInt32) throws(TerminalError) {
    let raised = count(reaching: number)
    if raised > count { try store(raised) }
  }

  /// Goes on well clear of a number that the server has seen, unless it is known here.
  ///
  /// A terminal whose state was lost learns at sign-on which numbers it has used, but for those of
  /// requests that changed nothing (SPECIFICATION.md, 4.8).
  mutating func goOn(after number: UInt32) throws(TerminalError) {
    let raised = count(reaching: number)
    if raised > count { try store(raised + Self.lostNumberMargin) }
  }

  private static let lostNumberMargin: UInt64 = 1_000

  /// The count that gave a number.
  ///
  /// While the numbers have not begun again a smaller one is an older one. After that the nearest
  /// of those that the number can mean is taken.
  private func count(reaching number: UInt32) -> UInt64 {
    guard number > 0 else { return 0 }
    let cycle = count == 0 ? 0 : (count - 1) / Self.numberCount
    let found = cycle * Self.numberCount + UInt64(number)
    guard cycle > 0 else { return found }
    let half = Self.numberCount / 2
    if found > count + half { return found - Self.numberCount }
    return found + half < count ? found + Self.numberCount : found
  }

  private mutating func store(_ count: UInt64) throws(TerminalError) {
    let target = 1 - slot
    try reporting(path) { () throws(SystemError) in
      try Self.write(count, to: file, at: Self.slotOffsets[target])
    }
    (slot, self.count) = (target, count)
  }

  private static func number(_ count: UInt64) -> UInt32 {
    count == 0 ? 0 : UInt32((count - 1) % numberCount) + 1
  }

  /// The file appears under its name only when its first slot is on disk.
  private static func createIfMissing(
    _ directory: borrowing Directory, name: String
  ) throws(SystemError) {
    let names = try directory.names()
    guard !names.contains(name) else { return }
    let newName = name + ".new"
    if names.contains(newName) { try directory.remove(newName) }
    let file = try directory.createFile(newName)
    try write(0, to: file, at: slotOffsets[0])
    try directory.rename(newName, to: name)
    try directory.synchronize()
  }

  private static func write(
    _ count: UInt64, to file: borrowing File, at offset: Int
  ) throws(SystemError) {
    let text = Array(slotText(count).utf8)
    try file.write(text.rawBytes, at: offset)
    try file.synchronizeData()
  }

  private static func count(
    in file: borrowing File, at offset: Int, path: String
  ) throws(TerminalError) -> UInt64? {
    var buffer = FileBuffer(byteCount: slotByteCount)
    do throws(SystemError) {
      _ = try buffer.withOutput(in: 0..<slotByteCount) { (output) throws(SystemError) in
        try file.read(at: offset, into: &output)
      }
    } catch {
      throw .stateUnusable(path: path, error)
    }
    let bytes = buffer.bytes
    let text = String(decoding: (0..<slotByteCount).map { bytes.byte(at: $0) }, as: UTF8.self)
    guard let count = UInt64(text.prefix(digitCount)), slotText(count) == text else {
      return nil
    }
    return count
  }

  private static func slotText(_ count: UInt64) -> String {
    let decimal = String(count)
    let digits = String(repeating: "0", count: digitCount - decimal.count) + decimal
    return "\(digits) \(SHA256.digest(of: Array(digits.utf8).rawBytes))\n"
  }
}

/// Says of which file of the state a failed call was.
func reporting<Value: ~Copyable>(
  _ path: String, _ body: () throws(SystemError) -> Value
) throws(TerminalError) -> Value {
  do throws(SystemError) { return try body() } catch { throw .stateUnusable(path: path, error) }
}
