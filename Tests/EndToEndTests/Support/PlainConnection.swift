import LinuxSystem
import ProgramSupport

/// A TCP connection whose bytes the test makes itself.
struct PlainConnection: ~Copyable {
  private let descriptor: OwnedDescriptor
  private var chunk = FileBuffer(byteCount: 16_384)

  init(port: UInt16) throws {
    ignoreBrokenPipe()
    descriptor = try OwnedDescriptor.connected(
      toHost: "127.0.0.1", port: port, timeoutMilliseconds: patienceMilliseconds)
  }

  func send(_ bytes: [UInt8]) throws {
    guard unsafe descriptor.send(bytes.span.bytes) == .transferred(byteCount: bytes.count) else {
      throw WireConnection.Failure.notSent
    }
  }

  /// What is there, after waiting for something.
  mutating func receive() throws -> [UInt8] {
    guard descriptor.waitUntil(.readable, timeoutMilliseconds: patienceMilliseconds) else {
      throw WireConnection.Failure.timedOut("nothing came")
    }
    return take().bytes
  }

  /// All that comes until the peer closes.
  mutating func receiveToEnd() throws -> [UInt8] {
    var all: [UInt8] = []
    while true {
      guard descriptor.waitUntil(.readable, timeoutMilliseconds: patienceMilliseconds) else {
        throw WireConnection.Failure.timedOut("the peer did not close")
      }
      let (bytes, outcome) = take()
      all += bytes
      if case .transferred = outcome { continue }
      return all
    }
  }

  private mutating func take() -> (bytes: [UInt8], outcome: TransferOutcome) {
    var outcome = TransferOutcome.wouldBlock
    let byteCount = chunk.withOutput(in: 0..<chunk.byteCount) {
      outcome = descriptor.receive(into: &$0)
    }
    let bytes = chunk.bytes
    return ((0..<byteCount).map { bytes.byte(at: $0) }, outcome)
  }
}
