import Glibc

extension OwnedDescriptor {
  /// Connects to a host, given as a literal address or a name, and a port.
  ///
  /// A name's addresses are tried in the resolver's order until one answers, all within the
  /// timeout; looking the name up has the resolver's own. The connection is non-blocking, closed on
  /// exec, and sends small writes at once.
  public static func connected(
    toHost host: String, port: UInt16, timeoutMilliseconds: Int32
  ) throws(NetworkError) -> OwnedDescriptor {
    let deadline = MonotonicClock.nowMilliseconds + UInt64(max(0, timeoutMilliseconds))
    var failure = NetworkError.hostNotFound(host: host, reason: "it has no address")
    for address in try addresses(ofHost: host, port: port) {
      let now = MonotonicClock.nowMilliseconds
      let remaining = now < deadline ? Int32(deadline - now) : 0
      do throws(NetworkError) {
        return try connected(to: address, timeoutMilliseconds: remaining)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private static func connected(
    to address: InternetAddress, timeoutMilliseconds: Int32
  ) throws(NetworkError) -> OwnedDescriptor {
    do throws(SystemError) {
      let descriptor = OwnedDescriptor(
        adopting: try systemCall("socket") {
          socket(address.family, streamSocketType, Int32(IPPROTO_TCP))
        }.get())
      try descriptor.setNoDelay()
      let started = systemCall("connect") {
        unsafe address.withSocketAddress { unsafe connect(descriptor.rawValue, $0, $1) }
      }
      if case .failure(let error) = started {
        guard error.errorNumber == EINPROGRESS else { throw error }
        guard descriptor.waitUntil(.writable, timeoutMilliseconds: timeoutMilliseconds) else {
          throw SystemError(errorNumber: ETIMEDOUT, call: "connect")
        }
        let errorNumber = try descriptor.takePendingError()
        guard errorNumber == 0 else {
          throw SystemError(errorNumber: errorNumber, call: "connect")
        }
      }
      return descriptor
    } catch {
      if error.errorNumber == ETIMEDOUT { throw .timedOut(peer: address.description) }
      throw .systemCallFailed(address.description, error)
    }
  }

  private static func addresses(
    ofHost host: String, port: UInt16
  ) throws(NetworkError) -> [InternetAddress] {
    if let literal = InternetAddress(literal: host, port: port) { return [literal] }
    guard !host.isEmpty, !host.utf8.contains(0) else {
      throw .hostNotFound(host: host, reason: "not a host name")
    }
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = AF_UNSPEC
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_ADDRCONFIG
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(host, nil, &hints, &list)
    guard status == 0 else {
      throw .hostNotFound(host: host, reason: unsafe String(cString: gai_strerror(status)))
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [InternetAddress] = []
    var entry = unsafe list
    while let current = unsafe entry {
      if let raw = unsafe current.pointee.ai_addr,
        let address = unsafe InternetAddress(UnsafeRawPointer(raw))
      {
        addresses.append(
          InternetAddress(bits: address.bits, isVersion4: address.isVersion4, port: port))
      }
      unsafe entry = current.pointee.ai_next
    }
    return addresses
  }
}
