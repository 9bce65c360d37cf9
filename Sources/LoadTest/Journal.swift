import Foundation
import LinuxSystem
import TransactionModel
import WireFormat

/// The file of what was sent and what was acknowledged, for `posload verify`.
///
/// Lines of ASCII, their parts divided by one space; the file holds no card numbers, only places of
/// cards from the first one on:
///
///     posload-journal 2 ENVIRONMENT FIRST-SERIAL CARDS SOFTWARE
///     K CARD VERSION FORM-VERSION FIRST LAST REASON POSITION RENEWAL   a card as the test began
///     S TERMINAL STAN OPERATOR TIME KIND CARD [ORIGINAL-STAN]   a change that is about to be sent
///     A TERMINAL STAN CODE VERSION POSITION CONFIRMATION DIGEST its acknowledgement
///     R TERMINAL STAN CODE                                      its refusal: nothing has happened
///
/// Numbers are decimal, dates YYYYMMDD, times milliseconds since 1970, the digest is the first half
/// of a SHA-256 in hexadecimal (`ReplyCheck.digest`); RENEWAL is 2 where a renewed period may wait
/// behind one that was ended, else 0. A card without a K was blank. Lines reach the kernel before
/// the requests that they are about, and acknowledgements before the next ones: they outlive both
/// processes. A last line without its line feed was torn and counts for nothing.
final class Journal {
  private static let bufferByteCount = 1 << 20

  private let path: String
  private let file: File
  private var buffer = FileBuffer(byteCount: bufferByteCount)
  private var byteCount = 0
  private var fileByteCount = 0

  /// Begins a journal; a file of that name is not replaced.
  init(path: String, _ header: JournalHeader) throws(LoadError) {
    let url = URL(filePath: path).standardizedFileURL
    do throws(SystemError) {
      let directory = try Directory(
        path: url.deletingLastPathComponent().path(percentEncoded: false))
      file = try directory.createFile(url.lastPathComponent)
    } catch {
      throw .fileUnusable(path: path, reason: "\(error)")
    }
    self.path = path
    try append(header.line)
    try flush()
  }

  func began(_ card: Int, _ state: CardState) throws(LoadError) {
    let period = "\(state.periodFirst.yyyymmdd) \(state.periodLast.yyyymmdd) \(state.endReason)"
    try append(
      "K \(card) \(state.version) \(state.formVersion) \(period) \(state.position.rawValue) "
        + "\(state.renewal.rawValue)\n")
  }

  func sending(_ exchange: Exchange, _ terminal: LoadTerminal) throws(LoadError) {
    let key = "\(terminal.id.rawValue) \(exchange.traceNumber) \(terminal.operatorID.rawValue)"
    let time = exchange.time.milliseconds
    let original = exchange.original.map { " \($0.traceNumber)" } ?? ""
    try append("S \(key) \(time) \(exchange.kind.rawValue) \(exchange.card)\(original)\n")
  }

  func acknowledged(
    _ exchange: Exchange, _ terminal: LoadTerminal, _ frame: borrowing FrameView
  ) throws(LoadError) {
    let version = frame.number(OutcomeLayout.recordVersion, as: UInt32.self)
    let confirmation = frame.confirmation(OutcomeLayout.confirmation)
    let digest = String(ReplyCheck.digest(of: frame.bytes), radix: 16)
    try append(
      "A \(terminal.id.rawValue) \(exchange.traceNumber) \(frame.responseCode.rawValue) \(version) "
        + "\(frame.logPosition.rawValue) \(confirmation.map { "\($0.permuted)" } ?? "-") "
        + "\(digest)\n")
  }

  func refused(
    _ exchange: Exchange, _ terminal: LoadTerminal, _ code: ResponseCode
  ) throws(LoadError) {
    try append("R \(terminal.id.rawValue) \(exchange.traceNumber) \(code.rawValue)\n")
  }

  /// Hands what was appended to the kernel.
  func flush() throws(LoadError) {
    guard byteCount > 0 else { return }
    do throws(SystemError) {
      try file.write(buffer.bytes.extracting(0..<byteCount), at: fileByteCount)
    } catch {
      throw .fileUnusable(path: path, reason: "\(error)")
    }
    fileByteCount += byteCount
    byteCount = 0
  }

  private func append(_ line: String) throws(LoadError) {
    let lineByteCount = line.utf8.count
    if byteCount + lineByteCount > Self.bufferByteCount { try flush() }
    byteCount += buffer.withOutput(in: byteCount..<(byteCount + lineByteCount)) { output in
      for byte in line.utf8 { output.append(byte) }
    }
  }
}

/// The first line of a journal: what its numbers are relative to.
struct JournalHeader: Equatable {
  static let name = "posload-journal"
  static let version = "2"

  var environment: Environment
  var firstSerial: UInt64
  var cardCount: Int
  var software: UInt32

  var line: String {
    "\(Self.name) \(Self.version) \(environment.name) \(firstSerial) \(cardCount) \(software)\n"
  }
}
