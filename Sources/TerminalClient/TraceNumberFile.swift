import Cryptography
import LinuxSystem
import TransactionModel

/// The newest system trace audit number that a terminal has used, kept in a file.
///
/// Two slots at offsets 0 and 4096, so that no write touches the sector of the other. A slot is
/// ten decimal digits, a space, the SHA-256 of the digits in hexadecimal, and a line feed. The
/// number is the larger one of the valid slots, and a new one goes to the other slot: a write that
/// a crash tore leaves the number before, and the torn one has never left the terminal.
struct TraceNumberFile: ~Copyable {
  private static let slotOffsets = [0, 4096]
  private static let digitCount = 10
  private static let slotByteCount = digitCount + 1 + 2 * SHA256Digest.byteCount + 1

  private let file: File
  private let path: String
  private var slot: Int
  /// The newest number that may have been used; 0 before the first.
  private(set) var newest: UInt32

  /// Opens the file, and makes it when there is none.
  init(_ directory: borrowing Directory, name: String, path: String) throws(TerminalError) {
    let file = try reporting(path) { () throws(SystemError) in
      try Self.createIfMissing(directory, name: name)
      return try directory.openFile(name, .readWrite)
    }
    let first = try Self.number(in: file, at: Self.slotOffsets[0], path: path)
    let second = try Self.number(in: file, at: Self.slotOffsets[1], path: path)
    guard let newest = [first, second].compactMap(\.self).max() else {
      throw .traceNumberDamaged(path: path)
    }
    self.file = file
    self.path = path
    self.newest = newest
    slot = first == newest ? 0 : 1
  }

  /// Gives the next number, which is on disk when this returns.
  mutating func advance() throws(TerminalError) -> SystemTraceAuditNumber {
    guard newest < UInt32.max else { throw .traceNumbersExhausted(path: path) }
    try raise(to: newest + 1)
    return SystemTraceAuditNumber(rawValue: newest)
  }

  /// Takes note that numbers up to this one are used.
  mutating func raise(to number: UInt32) throws(TerminalError) {
    guard number > newest else { return }
    let target = 1 - slot
    try reporting(path) { () throws(SystemError) in
      try Self.write(number, to: file, at: Self.slotOffsets[target])
    }
    (slot, newest) = (target, number)
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
    _ number: UInt32, to file: borrowing File, at offset: Int
  ) throws(SystemError) {
    let text = Array(slotText(number).utf8)
    try file.write(text.rawBytes, at: offset)
    try file.synchronizeData()
  }

  private static func number(
    in file: borrowing File, at offset: Int, path: String
  ) throws(TerminalError) -> UInt32? {
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
    guard let number = UInt32(text.prefix(digitCount)), slotText(number) == text else {
      return nil
    }
    return number
  }

  private static func slotText(_ number: UInt32) -> String {
    let decimal = String(number)
    let digits = String(repeating: "0", count: digitCount - decimal.count) + decimal
    return "\(digits) \(SHA256.digest(of: Array(digits.utf8).rawBytes))\n"
  }
}

/// Says of which file of the state a failed call was.
private func reporting<Value: ~Copyable>(
  _ path: String, _ body: () throws(SystemError) -> Value
) throws(TerminalError) -> Value {
  do throws(SystemError) { return try body() } catch { throw .stateUnusable(path: path, error) }
}
