import AuditTrail
import LinuxSystem
import Observability
import TLS

extension HandshakeThread {
  /// Whether there is room for one more connection, of whatever address.
  private var mayAccept: Bool {
    now >= acceptPauseEnd && handshakeCount < limits.handshakesInFlightMax
      && acceptsLeftInWindow > 0 && allowance.hasRoom
  }

  func startRateWindowWhenDue() {
    guard now >= rateWindowEnd else { return }
    rateWindowEnd = now + 1_000
    acceptsLeftInWindow = limits.handshakesPerSecondMax
  }

  /// Looks at the listening socket only while a connection could be taken from it.
  func watchListener() {
    guard let rawValue = listener?.rawValue, mayAccept != isListenerWatched else { return }
    isListenerWatched.toggle()
    watch(rawValue, Self.listenerToken, isListenerWatched ? .readable : [])
  }

  func acceptWaiting() {
    while mayAccept {
      guard let outcome = listener?.accept() else { return }
      switch consume outcome {
      case .accepted(let descriptor, let peer):
        acceptsLeftInWindow -= 1
        begin(descriptor, peer)
      case .wouldBlock:
        return
      case .connectionLost:
        continue
      case .resourcesExhausted:
        pauseAccepting()
      case .failed:
        pauseAccepting()
      }
    }
  }

  private func pauseAccepting() {
    counters.events.increment(.acceptFailures)
    acceptPauseEnd = now + limits.acceptPauseMilliseconds
  }

  private func begin(_ descriptor: consuming OwnedDescriptor, _ peer: InternetAddress) {
    counters.events.increment(.accepted)
    guard handshakesByAddress[peer.allowanceKey, default: 0] < limits.handshakesPerAddressMax,
      allowance.take(for: peer)
    else { return count(.tooManyOfAddress, from: peer) }
    let socket = ConnectionSocket(descriptor, peer: peer, allowance: allowance)
    do {
      try socket.descriptor.setNoDelay()
      try socket.descriptor.setKeepAlive(
        idleSeconds: limits.keepAliveSeconds, intervalSeconds: 10, probeCountMax: 3)
      let session = try TLSSession(context, descriptor: socket.descriptor.rawValue)
      let connection = PendingConnection(
        socket, session: session,
        deadlineMilliseconds: now + limits.handshakeDeadlineMilliseconds)
      guard insert(connection) else { return count(.other, from: peer) }
      handshakeCount += 1
      handshakesByAddress[peer.allowanceKey, default: 0] += 1
    } catch {
      count(.other, from: peer)
    }
  }
}
