import LinuxSystem

/// The socket of an accepted connection, closed and given back when its last holder goes.
final class ConnectionSocket: Sendable {
  let descriptor: OwnedDescriptor
  let peer: InternetAddress
  private let allowance: ConnectionAllowance

  /// Takes a connection that the allowance has counted.
  init(
    _ descriptor: consuming OwnedDescriptor, peer: InternetAddress, allowance: ConnectionAllowance
  ) {
    self.descriptor = descriptor
    self.peer = peer
    self.allowance = allowance
  }

  deinit { allowance.giveBack(for: peer) }
}
