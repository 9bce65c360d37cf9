import Glibc
import LinuxSystem
import ProgramSupport

/// A stand-in for systemd's notify socket.
final class NotifySocket {
  let path: String
  private let descriptor: OwnedDescriptor

  init(path: String) throws {
    self.path = path
    let type = Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = OwnedDescriptor(adopting: socket(AF_UNIX, type, 0))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    try unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
      guard bytes.count < room.count else { throw ChildFailure("\(path) is too long") }
      unsafe room.copyBytes(from: bytes)
    }
    let status = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else { throw ChildFailure("\(path) cannot be bound: errno \(errno)") }
  }

  /// The lines of the next message.
  func next() throws -> [String] {
    guard descriptor.waitUntil(.readable, timeoutMilliseconds: patienceMilliseconds) else {
      throw WireConnection.Failure.timedOut("no message for the service manager")
    }
    var chunk = [UInt8](repeating: 0, count: 4_096)
    let byteCount = unsafe recv(descriptor.rawValue, &chunk, chunk.count, 0)
    guard byteCount > 0 else { throw ChildFailure("an empty message") }
    return String(decoding: chunk.prefix(byteCount), as: UTF8.self).split(separator: "\n")
      .map(String.init)
  }

  /// Whether no message waits.
  var isEmpty: Bool { !descriptor.waitUntil(.readable, timeoutMilliseconds: 0) }
}
