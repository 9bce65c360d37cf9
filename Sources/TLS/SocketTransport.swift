import COpenSSL
import Glibc

/// How OpenSSL reaches a socket that somebody else owns: by `recv` and `send`.
///
/// OpenSSL's own way, by `read` and `write`, ends the process when the peer is gone, unless the
/// signal for it is ignored, and takes the longer way through the kernel.
enum SocketTransport {
  /// One kind for all sockets, made once: a kind's number is never given back.
  nonisolated(unsafe) private static let kind = unsafe makeKind()

  /// A BIO over a descriptor, for `SSL_set_bio`; nil if memory ran out.
  static func make(_ descriptor: Int32) -> OpaquePointer? {
    guard let kind = unsafe kind, let transport = unsafe BIO_new(kind) else { return nil }
    // A descriptor may be 0, which as an address would be none.
    unsafe BIO_set_data(transport, UnsafeMutableRawPointer(bitPattern: Int(descriptor) + 1))
    unsafe BIO_set_init(transport, 1)
    return unsafe transport
  }

  private static func makeKind() -> OpaquePointer? {
    let number = BIO_get_new_index() | BIO_TYPE_SOURCE_SINK
    guard let kind = unsafe BIO_meth_new(number, "socket") else { return nil }
    unsafe BIO_meth_set_read_ex(kind) { transport, target, byteCount, received in
      let result = unsafe recv(SocketTransport.descriptor(of: transport), target, byteCount, 0)
      unsafe SocketTransport.note(result, of: transport, waiting: BIO_FLAGS_READ)
      if result == 0 { unsafe BIO_set_flags(transport, BIO_FLAGS_IN_EOF) }
      unsafe received?.pointee = max(result, 0)
      return Int32(result.signum())
    }
    unsafe BIO_meth_set_write_ex(kind) { transport, source, byteCount, sent in
      let result = unsafe send(
        SocketTransport.descriptor(of: transport), source, byteCount, Int32(MSG_NOSIGNAL))
      unsafe SocketTransport.note(result, of: transport, waiting: BIO_FLAGS_WRITE)
      unsafe sent?.pointee = max(result, 0)
      return Int32(result.signum())
    }
    unsafe BIO_meth_set_ctrl(kind) { transport, command, _, _ in
      switch command {
      // Nothing is held back here.
      case BIO_CTRL_FLUSH: 1
      case BIO_CTRL_EOF: unsafe BIO_test_flags(transport, BIO_FLAGS_IN_EOF) == 0 ? 0 : 1
      default: 0
      }
    }
    return unsafe kind
  }

  private static func descriptor(of transport: OpaquePointer?) -> Int32 {
    Int32(Int(bitPattern: unsafe BIO_get_data(transport)) - 1)
  }

  private static let retryFlags =
    BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY

  /// Lets OpenSSL know whether a step that moved nothing may be tried again.
  private static func note(_ result: Int, of transport: OpaquePointer?, waiting: Int32) {
    unsafe BIO_clear_flags(transport, retryFlags)
    guard result < 0, errno == EAGAIN || errno == EINTR else { return }
    unsafe BIO_set_flags(transport, waiting | BIO_FLAGS_SHOULD_RETRY)
  }
}
