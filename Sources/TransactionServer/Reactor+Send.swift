import LinuxSystem
import Observability
import TLS
import TransactionModel

extension Reactor {
  func addToFlush(_ connection: Connection) {
    guard !connection.isToFlush else { return }
    connection.isToFlush = true
    toFlush.append(connection)
  }

  /// Sends what this turn has made ready.
  func flushTurn() {
    durable = currentlyDurable
    for connection in toFlush {
      connection.isToFlush = false
      flush(connection)
      guard connection.hasWaitingReplies, !connection.isWaiting else { continue }
      connection.isWaiting = true
      waiting.append(connection)
    }
    toFlush.removeAll(keepingCapacity: true)
  }

  /// Sends what a commit has released, and tries again what found no room before it.
  func flushWaiting() {
    guard durable != releasedThrough else { return }
    releasedThrough = durable
    var keptCount = 0
    for index in waiting.indices {
      let connection = waiting[index]
      flush(connection)
      connection.isWaiting = connection.hasWaitingReplies
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

  /// Hands what may be sent to TLS, and settles what follows from that.
  private func flush(_ connection: Connection) {
    guard !connection.isGone else { return }
    connection.replies.release(through: durable, from: replyPool)
    let byteCount = connection.replies.readableByteCount
    if byteCount > 0 {
      switch Self.send(&connection.replies, &connection.session) {
      case .complete: connection.writeWants = []
      case .wantsRead: connection.writeWants = .readable
      case .wantsWrite: connection.writeWants = .writable
      case .peerClosed: return remove(connection, .peerVanished)
      case .failed: return remove(connection, .tlsFailed)
      }
      connection.replies.releaseBuffers(to: replyPool)
    }
    if connection.replies.readableByteCount < byteCount || byteCount == 0 {
      connection.lastSent = now
    }
    if let reason = connection.closeReason, connection.replies.isEmpty {
      return remove(connection, reason)
    }
    if connection.isFull, connection.replies.frameCount < limits.framesInFlightMax {
      connection.isFull = false
      addToTurn(connection)
    }
    if !connection.waitsToLeave { watch(connection, for: connection.wantedInterest) }
  }

  /// Writes until all is gone or the socket takes no more.
  private static func send(
    _ replies: inout ReplyQueue, _ session: inout TLSSession
  ) -> TLSOutcome {
    while replies.readableByteCount > 0 {
      let (byteCount, outcome) = session.write(replies.readable)
      guard outcome == .complete else { return outcome }
      replies.consume(byteCount)
    }
    return .complete
  }

  func watch(_ connection: Connection, for interest: ReadinessInterest) {
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
  func finish(_ connection: Connection, _ reason: CloseReason) {
    if connection.closeReason == nil { connection.closeReason = reason }
    addToFlush(connection)
  }

  /// Lets a connection go now; its peer gets to read what was sent, if it still may.
  func remove(_ connection: Connection, _ reason: CloseReason) {
    precondition(!connection.isGone, "a connection was removed twice")
    connection.isGone = true
    counters.closes.increment(reason)
    poller.remove(connection.rawValue)
    connections.remove(connection.token)
    switch reason {
    case .peerVanished, .writeStalled, .notWatchable:
      break
    case .peerClosed:
      _ = connection.session.shutdownWrite()
    case .idle, .frameLength, .direction, .tlsFailed, .shutdown:
      _ = connection.session.shutdownWrite()
      handshakeThread.put(.linger(connection.socket))
    }
  }

  /// Applies the deadlines, once in a while: nobody counts on them to the millisecond.
  func sweepWhenDue() {
    guard now >= nextSweep else { return }
    nextSweep = now + sweepMilliseconds
    forEachConnection { connection in
      let quiet = now - connection.lastReceived
      if connection.replies.readableByteCount > 0 {
        if now - connection.lastSent >= limits.writeStallMilliseconds {
          remove(connection, .writeStalled)
        }
      } else if connection.replies.isEmpty, quiet >= limits.idleDeadlineMilliseconds {
        remove(connection, .idle)
      } else if connection.hasRecordBuffers, quiet >= limits.quietMilliseconds {
        connection.session.freeBuffersWhenIdle()
        connection.hasRecordBuffers = false
      }
    }
  }
}
