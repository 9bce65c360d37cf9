import CLinux
import Glibc

/// A TCP socket that connections arrive at: non-blocking, closed on exec.
public struct ListeningSocket: ~Copyable, Sendable {
  public static let backlogDefault: Int32 = 1024

  private let descriptor: OwnedDescriptor
  /// Where it listens, with the port that was given when 0 was asked for.
  public let address: InternetAddress

  /// Listens on an address of this machine; port 0 takes any free one.
  ///
  /// SO_REUSEADDR lets a restarted daemon have the port while old connections still fade. Without
  /// SO_REUSEPORT a second daemon on the same port is an error, as it should be. `::` means
  /// version 6 only.
  public init(
    host: String, port: UInt16, backlog: Int32 = backlogDefault
  ) throws(NetworkError) {
    guard let wanted = InternetAddress(literal: host, port: port) else {
      throw .addressUnusable(host)
    }
    do throws(SystemError) {
      let descriptor = OwnedDescriptor(
        adopting: try systemCall("socket") {
          socket(wanted.family, OwnedDescriptor.streamSocketType, Int32(IPPROTO_TCP))
        }.get())
      try descriptor.setOption(SOL_SOCKET, SO_REUSEADDR, 1)
      if !wanted.isVersion4 { try descriptor.setOption(Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
      _ = try systemCall("bind") {
        unsafe wanted.withSocketAddress { unsafe bind(descriptor.rawValue, $0, $1) }
      }.get()
      _ = try systemCall("listen") { listen(descriptor.rawValue, backlog) }.get()
      address = try descriptor.localAddress() ?? wanted
      self.descriptor = descriptor
    } catch {
      switch error.errorNumber {
      case EADDRINUSE: throw .addressInUse(wanted.description)
      case EADDRNOTAVAIL: throw .addressUnusable(wanted.description)
      default: throw .systemCallFailed(wanted.description, error)
      }
    }
  }

  /// Takes over a socket that already listens, and makes it non-blocking and closed on exec.
  public init(adopting descriptor: consuming OwnedDescriptor) throws(NetworkError) {
    let descriptor = descriptor
    let address: InternetAddress?
    do throws(SystemError) {
      let type = try descriptor.option(SOL_SOCKET, SO_TYPE)
      let isListening = try descriptor.option(SOL_SOCKET, SO_ACCEPTCONN) == 1
      let isStream = type == Int32(SOCK_STREAM.rawValue)
      address = isListening && isStream ? try descriptor.localAddress() : nil
      try descriptor.setNonBlockingAndCloseOnExec()
    } catch {
      throw .inheritedDescriptorsUnusable(reason: error.description)
    }
    guard let address else {
      throw .inheritedDescriptorsUnusable(reason: "not a listening TCP socket")
    }
    self.descriptor = descriptor
    self.address = address
  }

  /// The number to watch for readability.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Takes the next connection, if there is one.
  public func accept() -> AcceptOutcome<InternetAddress> {
    let (outcome, peer) = unsafe InternetAddress.receive { address, byteCount in
      systemCall("accept4") {
        unsafe CLinux_accept4(
          descriptor.rawValue, address, byteCount, OwnedDescriptor.acceptFlags)
      }
    }
    switch outcome {
    case .failure(let error):
      return AcceptOutcome(failure: error)
    case .success(let rawValue):
      let connection = OwnedDescriptor(adopting: rawValue)
      guard let peer else { return .connectionLost }
      return .accepted(connection, peer)
    }
  }
}
