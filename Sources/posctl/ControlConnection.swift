import Installation
import LinuxSystem

/// Why the daemon could not be asked.
enum ControlError: Error, CustomStringConvertible {
  case unreachable(NetworkError)
  case noAnswer(String)
  case foreignAnswer(String)

  var description: String {
    switch self {
    case .unreachable(let error): "\(error): is posd running, and are you allowed to ask it?"
    case .noAnswer(let path):
      "\(path): no whole answer; whether it was done is not known: look before you repeat it"
    case .foreignAnswer(let path): "\(path): not the answer of a posd of this version"
    }
  }
}

/// Asks a running daemon over its Unix socket: one JSON line there, one back.
enum ControlConnection {
  /// Longer than the daemon waits for its disk.
  private static let timeoutMilliseconds: Int32 = 15_000
  private static let answerByteCountMax = 1 << 20

  static func ask(_ request: JSONValue, at path: String) throws -> JSONValue {
    let descriptor: OwnedDescriptor
    do throws(NetworkError) {
      descriptor = try OwnedDescriptor.connected(toUnixPath: path)
    } catch {
      throw ControlError.unreachable(error)
    }
    try send(Array(request.line.utf8), to: descriptor, path)
    return try JSONValue(parsing: receiveLine(from: descriptor, path))
  }

  private static func send(
    _ line: [UInt8], to descriptor: borrowing OwnedDescriptor, _ path: String
  ) throws {
    var sent = 0
    while sent < line.count {
      switch descriptor.send(line.rawBytes.extracting(droppingFirst: sent)) {
      case .transferred(let count): sent += count
      case .wouldBlock:
        guard descriptor.waitUntil(.writable, timeoutMilliseconds: timeoutMilliseconds) else {
          throw ControlError.noAnswer(path)
        }
      case .peerClosed, .failed: throw ControlError.noAnswer(path)
      }
    }
  }

  private static func receiveLine(
    from descriptor: borrowing OwnedDescriptor, _ path: String
  ) throws -> [UInt8] {
    var buffer = FileBuffer(byteCount: answerByteCountMax)
    var end = 0
    while end < answerByteCountMax {
      guard descriptor.waitUntil(.readable, timeoutMilliseconds: timeoutMilliseconds) else { break }
      var outcome = TransferOutcome.wouldBlock
      end += buffer.withOutput(in: end..<answerByteCountMax) { tail in
        outcome = descriptor.receive(into: &tail)
      }
      guard case .transferred = outcome else { break }
      let answer = buffer.bytes.array(first: end)
      // The daemon keeps the connection for the next question.
      if answer.last == 0x0A { return answer }
    }
    throw ControlError.noAnswer(path)
  }
}
