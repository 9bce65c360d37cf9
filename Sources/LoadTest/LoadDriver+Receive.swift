import LinuxSystem
import TLS
import TransactionModel
import WireFormat

extension LoadDriver {
  /// Takes what has come on a connection.
  func receive(_ connection: LoadConnection) throws(LoadError) {
    while connection.state == .open {
      if connection.isSlow, MonotonicClock.nowNanoseconds < connection.muteNanoseconds { return }
      let (byteCount, outcome) = connection.read(into: &received)
      let now = MonotonicClock.nowNanoseconds
      var start = 0
      while start < byteCount {
        guard let frameByteCount = take(start..<byteCount, connection, at: now) else { break }
        start += frameByteCount
      }
      if let failure { throw failure }
      guard connection.state == .open else { return }
      connection.keep(Self.copy(received, start..<byteCount))
      switch outcome {
      case .complete: continue
      case .wantsRead, .wantsWrite: return finishSwipe(connection, at: now)
      case .peerClosed, .failed: return end(connection, connection.endReason, at: now)
      }
    }
  }

  /// Takes the frame at the front of what was received; nil while it is incomplete.
  private func take(
    _ range: Range<Int>, _ connection: LoadConnection, at now: UInt64
  ) -> Int? {
    do throws(FramingError) {
      return try Self.withFrame(received, range) { frame in
        let traceNumber = frame.traceNumber.rawValue
        let terminal = terminalPlaces[frame.terminal]
        guard let exchange = connection.take(terminal: terminal, traceNumber: traceNumber) else {
          violations.note(
            "terminal \(frame.terminal.rawValue), STAN \(traceNumber): "
              + "an answer to nothing that was asked")
          return
        }
        settle(exchange, frame, connection, at: now)
      }
    } catch {
      violations.note("bytes that are no frame: \(error)")
      end(connection, "the answers cannot be told apart", at: now)
      return nil
    }
  }

  static func withFrame(
    _ buffer: borrowing FileBuffer, _ range: Range<Int>, _ body: (borrowing FrameView) -> Void
  ) throws(FramingError) -> Int? {
    guard let frame = try FrameView(prefixOf: buffer.bytes.extracting(range), .reply) else {
      return nil
    }
    body(frame)
    return frame.byteCount
  }

  private static func copy(_ buffer: borrowing FileBuffer, _ range: Range<Int>) -> [UInt8] {
    buffer.bytes.extracting(range).array(first: range.count)
  }
}
