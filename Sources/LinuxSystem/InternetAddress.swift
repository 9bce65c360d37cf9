import Glibc

/// An IP address of either version, with a port.
public struct InternetAddress: Hashable, Sendable {
  /// The address as one number, its first byte the most significant; version 4 in the low 32 bits.
  public let bits: UInt128
  public let isVersion4: Bool
  public let port: UInt16

  public init(bits: UInt128, isVersion4: Bool, port: UInt16) {
    precondition(!isVersion4 || bits <= UInt128(UInt32.max), "not a version 4 address")
    self.bits = bits
    self.isVersion4 = isVersion4
    self.port = port
  }

  /// Reads a literal such as `127.0.0.1` or `::1`; nil for a host name or anything else.
  public init?(literal: String, port: UInt16) {
    guard !literal.utf8.contains(0) else { return nil }
    var version4 = in_addr()
    var version6 = in6_addr()
    if unsafe inet_pton(AF_INET, literal, &version4) == 1 {
      self.init(
        bits: UInt128(UInt32(bigEndian: version4.s_addr)), isVersion4: true, port: port)
    } else if unsafe inet_pton(AF_INET6, literal, &version6) == 1 {
      self.init(bits: UInt128(version6), isVersion4: false, port: port)
    } else {
      return nil
    }
  }
}

extension InternetAddress: CustomStringConvertible {
  /// The address without its port, such as `192.0.2.1` or `2001:db8::1`.
  public var host: String {
    unsafe String(unsafeUninitializedCapacity: Int(INET6_ADDRSTRLEN)) { text in
      let start = unsafe UnsafeMutableRawPointer(text.baseAddress)?
        .assumingMemoryBound(to: CChar.self)
      let written: UnsafePointer<CChar>?
      if isVersion4 {
        var number = in_addr(s_addr: UInt32(bits).bigEndian)
        unsafe written = inet_ntop(AF_INET, &number, start, socklen_t(text.count))
      } else {
        var number = in6_addr(bits)
        unsafe written = inet_ntop(AF_INET6, &number, start, socklen_t(text.count))
      }
      return unsafe written.map { unsafe strlen($0) } ?? 0
    }
  }

  /// Host and port, such as `192.0.2.1:7171` or `[2001:db8::1]:7171`.
  public var description: String {
    isVersion4 ? "\(host):\(port)" : "[\(host)]:\(port)"
  }
}

// MARK: The kernel's form

extension InternetAddress {
  var family: Int32 { isVersion4 ? AF_INET : AF_INET6 }

  /// Lends the address as the kernel takes it.
  func withSocketAddress<Outcome>(
    _ body: (UnsafePointer<sockaddr>, socklen_t) -> Outcome
  ) -> Outcome {
    if isVersion4 {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = UInt32(bits).bigEndian
      return unsafe lend(&address, body)
    }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    address.sin6_port = port.bigEndian
    address.sin6_addr = in6_addr(bits)
    return unsafe lend(&address, body)
  }

  /// Calls the kernel with room for an address and gives what it stored there.
  ///
  /// The address is nil if it is of another family than the two of the Internet.
  static func receive<Outcome>(
    _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Outcome
  ) -> (Outcome, InternetAddress?) {
    var storage = sockaddr_storage()
    var byteCount = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { storage in
      let outcome = unsafe UnsafeMutableRawPointer(storage)
        .withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, &byteCount) }
      return unsafe (outcome, InternetAddress(UnsafeRawPointer(storage)))
    }
  }

  /// Reads an address that `getaddrinfo` or the kernel has written.
  init?(_ address: UnsafeRawPointer) {
    switch unsafe Int32(address.loadUnaligned(as: sockaddr.self).sa_family) {
    case AF_INET:
      let address = unsafe address.loadUnaligned(as: sockaddr_in.self)
      self.init(
        bits: UInt128(UInt32(bigEndian: address.sin_addr.s_addr)), isVersion4: true,
        port: UInt16(bigEndian: address.sin_port))
    case AF_INET6:
      let address = unsafe address.loadUnaligned(as: sockaddr_in6.self)
      self.init(
        bits: UInt128(address.sin6_addr), isVersion4: false,
        port: UInt16(bigEndian: address.sin6_port))
    default:
      return nil
    }
  }
}

private func lend<Address, Outcome>(
  _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Outcome
) -> Outcome {
  unsafe withUnsafePointer(to: &address) { address in
    unsafe UnsafeRawPointer(address).withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe body($0, socklen_t(MemoryLayout<Address>.size))
    }
  }
}

extension in6_addr {
  fileprivate init(_ bits: UInt128) {
    self.init()
    unsafe withUnsafeMutableBytes(of: &self) {
      unsafe $0.storeBytes(of: bits.bigEndian, as: UInt128.self)
    }
  }
}

extension UInt128 {
  fileprivate init(_ address: in6_addr) {
    let bits = unsafe withUnsafeBytes(of: address) { unsafe $0.loadUnaligned(as: UInt128.self) }
    self = UInt128(bigEndian: bits)
  }
}
