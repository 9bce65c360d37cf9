import LinuxSystem
import Observability
import TLS
import TransactionModel

extension Reactor {
  mutating func addToFlush(_ connection: Connection) {
    guard !connection.isToFlush else { return }
    connection.isToFlush = true
    toFlush.append(connection)
  }

  /// Sends what this turn has made ready.
  mutating func flushTurn() {
    durable = currentlyDurable
    for connection in toFlush {
      connection.isToFlush = false
      guard flush(connection), !connection.isWaiting else { continue }
      connection.isWaiting = true
      waiting.append(connection)
    }
    toFlush.removeAll(keepingCapacity: true)
  }

  /// Sends what a commit has released, and tries again what found no room before it.
  mutating func flushWaiting() {
    guard durable != releasedThrough else { return }
    releasedThrough = durable
    var keptCount = 0
    for index in waiting.indices {
      let connection = waiting[index]
      connection.isWaiting = flush(connection)
      guard connection.isWaiting else { continue }
      waiting[keptCount] = connection
      keptCount += 1
    }
    waiting.removeLast(waiting.count - keptCount)
    for connection in roomWaiting {
      connection.waitsForRoom = false
      addToTurn(connection)
    }
    roomWaiting.removeAll(keepingCapacity: true)
  }

  /// Hands what may be sent to TLS, and settles what follows from that; says whether replies wait
  /// for the log.
  private mutating func flush(_ connection: Connection) -> Bool {
    guard !connection.isGone else { return false }
    let sending = connection.traffic.send(through: durable, from: replyPool)
    switch sending.outcome {
    case .complete: connection.writeWants = []
    case .wantsRead: connection.writeWants = .readable
    case .wantsWrite: connection.writeWants = .writable
    case .peerClosed:
      remove(connection, .peerVanished)
      return false
    case .failed:
      remove(connection, .tlsFailed)
      return false
    }
    if sending.hasSent || sending.outcome == .complete { connection.lastSent = now }
    if let reason = connection.closeReason, sending.frameCount == 0 {
      remove(connection, reason)
      return false
    }
    if connection.isFull, sending.frameCount < limits.framesInFlightMax {
      connection.isFull = false
      addToTurn(connection)
    }
    if !connection.waitsToLeave { watch(connection, for: connection.wantedInterest) }
    return sending.hasWaiting
  }

  mutating func watch(_ connection: Connection, for interest: ReadinessInterest) {
    guard interest != connection.interest else { return }
    connection.interest = interest
    do throws(SystemError) {
      try poller.modify(connection.rawValue, token: connection.token, interest: interest)
    } catch {
      // A watched descriptor can be watched for something else whatever the state of the system.
      preconditionFailure("\(error)")
    }
  }
}

// MARK: Ends

extension Reactor {
  /// Lets a connection go once its replies have gone; nothing more is read from it.
  mutating func finish(_ connection: Connection, _ reason: CloseReason) {
    if connection.closeReason == nil { connection.closeReason = reason }
    addToFlush(connection)
  }

  /// Lets a connection go now; its peer gets to read what was sent, if it still may.
  mutating func remove(_ connection: Connection, _ reason: CloseReason) {
    precondition(!connection.isGone, "a connection was removed twice")
    connection.isGone = true
    counters.closes.increment(reason)
    poller.remove(connection.rawValue)
    connections.remove(connection.token)
    switch reason {
    case .peerVanished, .writeStalled, .notWatchable:
      break
    case .peerClosed:
      _ = connection.traffic.session.shutdownWrite()
    case .idle, .frameLength, .direction, .tlsFailed, .shutdown:
      _ = connection.traffic.session.shutdownWrite()
      handshakeThread.put(.linger(connection.socket))
    }
  }

  /// Applies the deadlines, once in a while: nobody counts on them to the millisecond.
  mutating func sweepWhenDue() {
    guard now >= nextSweep else { return }
    nextSweep = now + sweepMilliseconds
    for place in connections.places {
      guard let connection = connections.element(at: place) else { continue }
      let quiet = now - connection.lastReceived
      if connection.traffic.replies.readableByteCount > 0 {
        if now - connection.lastSent >= limits.writeStallMilliseconds {
          remove(connection, .writeStalled)
        }
      } else if connection.traffic.replies.isEmpty, quiet >= limits.idleDeadlineMilliseconds {
        remove(connection, .idle)
      } else if connection.hasRecordBuffers, quiet >= limits.quietMilliseconds {
        connection.traffic.session.freeBuffersWhenIdle()
        connection.hasRecordBuffers = false
      }
    }
  }
}
