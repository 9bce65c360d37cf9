import Glibc

extension OwnedDescriptor {
  /// Sends small writes at once instead of waiting to fill a packet.
  public func setNoDelay() throws(SystemError) {
    try setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
  }

  /// Asks a silent peer whether it still lives, so that a vanished one is noticed in the end.
  public func setKeepAlive(
    idleSeconds: Int32, intervalSeconds: Int32, probeCountMax: Int32
  ) throws(SystemError) {
    try setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    try setOption(Int32(IPPROTO_TCP), TCP_KEEPIDLE, idleSeconds)
    try setOption(Int32(IPPROTO_TCP), TCP_KEEPINTVL, intervalSeconds)
    try setOption(Int32(IPPROTO_TCP), TCP_KEEPCNT, probeCountMax)
  }

  /// Fails the connection when sent bytes stay unacknowledged for longer.
  public func setUserTimeout(milliseconds: Int32) throws(SystemError) {
    try setOption(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, milliseconds)
  }

  /// Tells the peer that nothing more comes, and still receives.
  ///
  /// That the peer is gone already is as good.
  public func shutdownWrite() {
    _ = systemCall("shutdown") { shutdown(rawValue, Int32(SHUT_WR)) }
  }

  /// The error that a connection ended with, or that a started connect came to; 0 is none.
  public func takePendingError() throws(SystemError) -> Int32 {
    try option(SOL_SOCKET, SO_ERROR)
  }
}

// MARK: Within the module

extension OwnedDescriptor {
  /// The type to open a stream socket with: non-blocking, closed on exec.
  static let streamSocketType =
    Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

  static let acceptFlags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

  func setOption(_ level: Int32, _ name: Int32, _ value: Int32) throws(SystemError) {
    var value = value
    _ = try systemCall("setsockopt") {
      unsafe setsockopt(
        rawValue, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }.get()
  }

  func option(_ level: Int32, _ name: Int32) throws(SystemError) -> Int32 {
    var value: Int32 = 0
    var byteCount = socklen_t(MemoryLayout<Int32>.size)
    _ = try systemCall("getsockopt") {
      unsafe getsockopt(rawValue, level, name, &value, &byteCount)
    }.get()
    return value
  }

  /// The address of this end; nil if it is not an Internet socket.
  func localAddress() throws(SystemError) -> InternetAddress? {
    let (outcome, address) = unsafe InternetAddress.receive { address, byteCount in
      systemCall("getsockname") { unsafe getsockname(rawValue, address, byteCount) }
    }
    _ = try outcome.get()
    return address
  }

  func setNonBlockingAndCloseOnExec() throws(SystemError) {
    let flags = try systemCall("fcntl") { fcntl(rawValue, F_GETFL) }.get()
    _ = try systemCall("fcntl") { fcntl(rawValue, F_SETFL, flags | O_NONBLOCK) }.get()
    _ = try systemCall("fcntl") { fcntl(rawValue, F_SETFD, FD_CLOEXEC) }.get()
  }
}
