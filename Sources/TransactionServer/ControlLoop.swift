import LinuxSystem
import Observability

/// The control socket's thread: it serves a few clients, none of whom can hold up another.
final class ControlLoop {
  private static let bellToken: UInt64 = 0
  private static let listenerToken: UInt64 = 1
  private static let clientCountMax = 16
  /// A client that neither asks nor reads for so long is closed.
  private static let patienceMilliseconds: UInt64 = 10_000
  private static let answerByteCountMax = 512 * 1024
  /// Without descriptors a caller waits in the queue: it is looked at again after so long.
  private static let acceptPauseMilliseconds: UInt64 = 1_000

  private let listener: UnixListeningSocket
  private let bell: Mailbox<Never>
  private let answer: @Sendable (String, PeerCredentials) -> String
  private let isAllowed: @Sendable (PeerCredentials) -> Bool
  private var acceptPauseEnd: UInt64 = 0
  private var isListenerWatched = true
  /// How often nobody could be let in for want of descriptors.
  let shortages: Counter
  private var poller: ReadinessPoller
  private var clients = SlotTable<ControlClient>()
  private var isStopping = false
  private let linePool = BufferPool(
    bufferByteCount: ControlSocket.lineByteCountMax, keptCountMax: 1)
  private let answerPool = BufferPool(bufferByteCount: answerByteCountMax, keptCountMax: 1)

  init(
    listener: consuming UnixListeningSocket, bell: Mailbox<Never>, shortages: Counter,
    isAllowed: @escaping @Sendable (PeerCredentials) -> Bool,
    answer: @escaping @Sendable (String, PeerCredentials) -> String
  ) throws(SystemError) {
    let poller = try ReadinessPoller(eventCountMax: Self.clientCountMax + 2)
    try poller.add(bell.rawValue, token: Self.bellToken, interest: .readable)
    try poller.add(listener.rawValue, token: Self.listenerToken, interest: .readable)
    self.poller = poller
    self.listener = listener
    self.bell = bell
    self.shortages = shortages
    self.isAllowed = isAllowed
    self.answer = answer
  }

  func run() {
    while !isStopping {
      let isIdle = clients.isEmpty && isListenerWatched
      let eventCount = poller.wait(timeoutMilliseconds: isIdle ? -1 : 1_000)
      for index in 0..<eventCount {
        let event = poller.event(at: index)
        switch event.token {
        case Self.bellToken: isStopping = true
        case Self.listenerToken: acceptOne()
        default: if let client = clients[event.token] { serve(client) }
        }
      }
      closeOverdue()
      if !isListenerWatched, MonotonicClock.nowMilliseconds >= acceptPauseEnd {
        watchListener(true)
      }
    }
  }

  private func acceptOne() {
    switch listener.accept() {
    case .accepted(let descriptor, let credentials): begin(descriptor, credentials)
    case .wouldBlock: return
    case .connectionLost: return
    case .resourcesExhausted: pauseAccepting()
    case .failed: pauseAccepting()
    }
  }

  /// The caller stays in the queue, and the socket readable: looking on would spin.
  private func pauseAccepting() {
    shortages.increment()
    acceptPauseEnd = MonotonicClock.nowMilliseconds + Self.acceptPauseMilliseconds
    watchListener(false)
  }

  private func watchListener(_ isWatched: Bool) {
    isListenerWatched = isWatched
    do throws(SystemError) {
      try poller.modify(
        listener.rawValue, token: Self.listenerToken, interest: isWatched ? .readable : [])
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private func begin(_ descriptor: consuming OwnedDescriptor, _ credentials: PeerCredentials) {
    guard isAllowed(credentials), clients.count < Self.clientCountMax else { return }
    let client = ControlClient(descriptor, credentials)
    client.token = clients.insert(client)
    do throws(SystemError) {
      try poller.add(client.descriptor.rawValue, token: client.token, interest: .readable)
      extendDeadline(client)
    } catch {
      clients.remove(client.token)
    }
  }

  private func serve(_ client: ControlClient) {
    guard send(client) else { return }
    while true {
      while let line = client.incoming.takeLine() {
        client.outgoing.append(reply(to: line, client) + "\n", from: answerPool)
        guard send(client) else { return }
      }
      guard client.incoming.byteCount < ControlSocket.lineByteCountMax else {
        return remove(client)
      }
      switch Self.receive(client.descriptor, into: &client.incoming, from: linePool) {
      case .transferred: extendDeadline(client)
      case .wouldBlock: return
      case .peerClosed, .failed: return remove(client)
      }
    }
  }

  private func reply(to line: String, _ client: ControlClient) -> String {
    let text = answer(line, client.credentials)
    // Whoever answers pages what has no bound: this one is a defect, told instead of a trap.
    guard text.utf8.count < Self.answerByteCountMax else {
      return #"{"error":{"code":"too_long","text":"the answer is too long"}}"#
    }
    return text
  }

  /// Sends what waits; false if the client has to take some of it first, or is gone.
  private func send(_ client: ControlClient) -> Bool {
    while !client.outgoing.isEmpty {
      switch Self.send(client.descriptor, &client.outgoing) {
      case .transferred(let byteCount):
        client.outgoing.consume(byteCount)
        extendDeadline(client)
      case .wouldBlock:
        watch(client, .writable)
        return false
      case .peerClosed, .failed:
        remove(client)
        return false
      }
    }
    client.outgoing.releaseWhenEmpty(to: answerPool)
    watch(client, .readable)
    return true
  }

  private static func send(
    _ descriptor: borrowing OwnedDescriptor, _ outgoing: inout ByteQueue
  ) -> TransferOutcome {
    descriptor.send(outgoing.readable)
  }

  private static func receive(
    _ descriptor: borrowing OwnedDescriptor, into incoming: inout ByteQueue, from pool: BufferPool
  ) -> TransferOutcome {
    incoming.append(byteCountMin: 1, from: pool) { descriptor.receive(into: &$0) }
  }

  private func watch(_ client: ControlClient, _ interest: ReadinessInterest) {
    do throws(SystemError) {
      try poller.modify(client.descriptor.rawValue, token: client.token, interest: interest)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private func remove(_ client: ControlClient) {
    poller.remove(client.descriptor.rawValue)
    clients.remove(client.token)
  }

  private func extendDeadline(_ client: ControlClient) {
    client.deadlineMilliseconds = MonotonicClock.nowMilliseconds + Self.patienceMilliseconds
  }

  private func closeOverdue() {
    let now = MonotonicClock.nowMilliseconds
    for place in clients.places {
      guard let client = clients.element(at: place) else { continue }
      if now >= client.deadlineMilliseconds { remove(client) }
    }
  }
}

/// One tool's connection.
private final class ControlClient {
  let descriptor: OwnedDescriptor
  let credentials: PeerCredentials
  var incoming = ByteQueue()
  var outgoing = ByteQueue()
  var token: UInt64 = 0
  var deadlineMilliseconds: UInt64 = 0

  init(_ descriptor: consuming OwnedDescriptor, _ credentials: PeerCredentials) {
    self.descriptor = descriptor
    self.credentials = credentials
  }
}
