import Glibc

extension OwnedDescriptor {
  /// Begins a connection to an address, and does not wait for it.
  ///
  /// It is there, or has failed, when the descriptor is writable: `takePendingError` tells which.
  /// Otherwise as `connected(toHost:port:timeoutMilliseconds:)` makes it.
  public static func beginConnecting(
    to address: InternetAddress
  ) throws(SystemError) -> OwnedDescriptor {
    let descriptor = OwnedDescriptor(
      adopting: try systemCall("socket") {
        socket(address.family, streamSocketType, Int32(IPPROTO_TCP))
      }.get())
    try descriptor.setNoDelay()
    let started = systemCall("connect") {
      unsafe address.withSocketAddress { unsafe connect(descriptor.rawValue, $0, $1) }
    }
    if case .failure(let error) = started, error.errorNumber != EINPROGRESS { throw error }
    return descriptor
  }

  /// The address that a connection goes to; nil where there is none.
  public func remoteAddress() -> InternetAddress? {
    let (outcome, address) = unsafe InternetAddress.receive { address, byteCount in
      systemCall("getpeername") { unsafe getpeername(rawValue, address, byteCount) }
    }
    guard case .success = outcome else { return nil }
    return address
  }
}
