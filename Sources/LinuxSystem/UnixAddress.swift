import Glibc

/// A path, or an abstract name, in the form in which the kernel takes it.
struct UnixAddress {
  /// The kernel's limit: 108 bytes with the zero byte that ends a path.
  static let pathByteCountMax = 107

  private let bytes: [UInt8]
  private let isAbstract: Bool

  /// Reads a path, or a name in the abstract space written with `@` in front.
  init(_ text: String) throws(NetworkError) {
    isAbstract = text.utf8.first == UInt8(ascii: "@")
    bytes = isAbstract ? [0] + text.utf8.dropFirst() : Array(text.utf8)
    guard bytes.count <= Self.pathByteCountMax else { throw .pathTooLong(text) }
    guard !bytes.isEmpty, isAbstract || !bytes.contains(0) else { throw .addressUnusable(text) }
  }

  func withSocketAddress<Outcome>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Outcome
  ) -> Outcome {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    // A path ends with a zero byte; an abstract name ends where the length says.
    let byteCount = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
    return unsafe withUnsafePointer(to: &address) { address in
      unsafe UnsafeRawPointer(address).withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(byteCount))
      }
    }
  }
}
