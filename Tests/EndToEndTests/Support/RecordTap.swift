import Glibc
import LinuxSystem
import ProgramSupport
import TLS

/// A terminal whose encrypted records the test carries to the server itself, whole or in part.
final class RecordTap {
  /// TLS reads and writes one end of a pair of sockets, the test the other.
  private let inner: OwnedDescriptor
  private let outer: OwnedDescriptor
  private var outerChunk = FileBuffer(byteCount: 16_384)
  private var session: TLSSession
  private var server: PlainConnection

  /// Connects and makes the handshake.
  init(port: UInt16, _ context: TLSClientContext) throws {
    var pair: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let status = unsafe socketpair(AF_UNIX, type, 0, &pair)
    precondition(status == 0, "socketpair")
    let inner = OwnedDescriptor(adopting: pair[0])
    session = try TLSSession(context, descriptor: inner.rawValue)
    self.inner = inner
    outer = OwnedDescriptor(adopting: pair[1])
    server = try PlainConnection(port: port)
    while session.handshake() == .wantsRead {
      try carry(takeRecords())
      let answer = try server.receive()
      guard !answer.isEmpty else { throw WireConnection.Failure.handshake(nil) }
      _ = unsafe outer.send(answer.span.bytes)
    }
    guard session.isHandshakeComplete else {
      throw WireConnection.Failure.handshake(session.failure)
    }
    try carry(takeRecords())
  }

  /// The record that holds some bytes; it is not sent.
  func record(of bytes: [UInt8]) -> [UInt8] {
    _ = unsafe session.write(bytes.span.bytes)
    return takeRecords()
  }

  /// Sends bytes as they are.
  func carry(_ bytes: [UInt8]) throws {
    if !bytes.isEmpty { try server.send(bytes) }
  }

  /// Whether the server answers within the test's patience.
  func receivesSomething() throws -> Bool { try !server.receive().isEmpty }

  private func takeRecords() -> [UInt8] {
    var records: [UInt8] = []
    while true {
      var outcome = TransferOutcome.wouldBlock
      let byteCount = outerChunk.withOutput(in: 0..<outerChunk.byteCount) {
        outcome = outer.receive(into: &$0)
      }
      guard case .transferred = outcome else { return records }
      for index in 0..<byteCount { records.append(outerChunk.bytes.byte(at: index)) }
    }
  }
}
