import LinuxSystem
import Observability
import TLS
import TransactionEngine
import TransactionModel
import WireFormat

extension Reactor {
  mutating func addToTurn(_ connection: Connection) {
    guard !connection.isInTurn else { return }
    connection.isInTurn = true
    turn.append(connection)
  }

  /// Puts a connection whose peer has hung up behind the others; it is not watched meanwhile.
  mutating func leave(_ connection: Connection) {
    connection.isLeaving = true
    connection.waitsToLeave = true
    leaving.append(connection)
    watch(connection, for: [])
  }

  /// Lets the next few that hung up have their turn: what they sent before is served.
  ///
  /// Each is forgotten with its turn: closing all of them at the end would take as long as a storm.
  mutating func takeLeaving() {
    let end = min(leftCount + Self.leavingCountMax, leaving.count)
    while leftCount < end {
      if let connection = leaving[leftCount].take(), !connection.isGone {
        connection.waitsToLeave = false
        if hasVanished(connection) {
          remove(connection, .peerVanished)
        } else {
          addToTurn(connection)
        }
      }
      leftCount += 1
    }
    guard leftCount == leaving.count, leftCount > 0 else { return }
    leaving.removeAll(keepingCapacity: true)
    leftCount = 0
  }

  /// Whether nothing but the end has come, without a word: TLS would only answer it with an alert.
  private func hasVanished(_ connection: Connection) -> Bool {
    connection.isReading && !connection.isInTurn && !connection.traffic.session.hasBufferedBytes
      && connection.socket.descriptor.isAtEnd
  }

  /// Reads once from everybody in the turn of whom nothing is here, and then decides: the records
  /// that one asks for come from memory while what another asks is decrypted.
  mutating func serveTurn() {
    swap(&turn, &serving)
    for connection in serving {
      connection.isInTurn = false
      guard !connection.isGone, connection.isReading else { continue }
      if let outcome = connection.traffic.receiveFirst(from: receivePool) {
        noteReceived(outcome, from: connection)
      }
    }
    var foreseenEnd = 0
    for index in serving.indices {
      if index == foreseenEnd { foreseenEnd = foresee(from: index) }
      let connection = serving[index]
      guard !connection.isGone else { continue }
      if connection.isReading { serve(connection) }
      addToFlush(connection)
    }
    serving.removeAll(keepingCapacity: true)
  }

  /// Takes requests until no more are here, or the connection has had its turn.
  private mutating func serve(_ connection: Connection) {
    var frameCountLeft = limits.framesPerTickMax
    while true {
      switch decideReceived(&connection.traffic, of: connection, &frameCountLeft) {
      case .needsBytes:
        let outcome = connection.traffic.receive(from: receivePool)
        guard noteReceived(outcome, from: connection) else { return }
        foresee(connection)
      case .allIsDecided:
        return
      case .turnIsOver:
        connection.isInTurn = true
        return turn.append(connection)
      case .repliesAreFull:
        connection.isFull = true
        return counters.events.increment(.readPauses)
      case .waitsForRoom:
        connection.waitsForRoom = true
        roomWaiting.append(connection)
        return counters.events.increment(.roomWaits)
      case .broken(let reason):
        return finish(connection, reason)
      }
    }
  }

  /// Lets the engine know which cards are asked for next, from a place in the turn on; no answer
  /// rests on it.
  ///
  /// Gives the place to go on from, behind the start: who may have been cut off begins the next.
  private func foresee(from start: Int) -> Int {
    var cards = InlineArray<16, CardNumber>(repeating: .blank)
    var count = 0
    var end = start
    while end < serving.count, count < cards.count {
      let connection = serving[end]
      if !connection.isGone {
        Self.append(cardsIn: connection.traffic.incoming, to: &cards, &count)
      }
      end += 1
    }
    if count > 1 { room.foresee(cards.span.extracting(first: count)) }
    return count == cards.count ? max(start + 1, end - 1) : end
  }

  /// Lets the engine know which cards one connection asks for next.
  private func foresee(_ connection: Connection) {
    var cards = InlineArray<16, CardNumber>(repeating: .blank)
    var count = 0
    Self.append(cardsIn: connection.traffic.incoming, to: &cards, &count)
    if count > 1 { room.foresee(cards.span.extracting(first: count)) }
  }

  /// Adds the cards that the whole frames in front ask for, as many as there is room for.
  private static func append(
    cardsIn incoming: borrowing ByteQueue, to cards: inout InlineArray<16, CardNumber>,
    _ count: inout Int
  ) {
    let received = incoming.readable
    var offset = 0
    while count < cards.count, received.byteCount - offset >= InquiryRequestLayout.byteCount,
      let frame = try? FrameView(prefixOf: received.extracting(droppingFirst: offset), .request)
    {
      if let type = MessageType(rawValue: frame.rawMessageType), type.namesCard,
        frame.byteCount >= InquiryRequestLayout.byteCount
      {
        cards[count] = frame.card(InquiryRequestLayout.card)
        count += 1
      }
      offset += frame.byteCount
    }
  }

  /// Settles what follows from a read; false when nothing came, for now or ever.
  @discardableResult
  private mutating func noteReceived(_ outcome: TLSOutcome, from connection: Connection) -> Bool {
    connection.hasRecordBuffers = true
    switch outcome {
    case .complete:
      connection.lastReceived = now
      return true
    case .wantsRead:
      break
    case .wantsWrite:
      connection.readWantsWrite = true
    case .peerClosed:
      // Only a peer that said so itself can still be written to.
      if connection.traffic.session.failure == nil {
        finish(connection, .peerClosed)
      } else {
        remove(connection, .peerVanished)
      }
    case .failed:
      remove(connection, .tlsFailed)
    }
    return false
  }

  /// Why the taking of requests ended.
  private enum DecideStep {
    /// More may be had without waiting.
    case needsBytes
    /// No whole frame is left, and nothing more is inside.
    case allIsDecided
    case turnIsOver
    case repliesAreFull
    case waitsForRoom
    case broken(CloseReason)
  }

  /// Decides what is here, and gives the buffer back if nothing more is.
  ///
  /// Nothing called from here may ask the connection for its traffic, which is in use.
  private mutating func decideReceived(
    _ traffic: inout Traffic, of connection: Connection, _ frameCountLeft: inout Int
  ) -> DecideStep {
    let step = decideFrames(
      in: &traffic.incoming, &traffic.replies, of: connection, &frameCountLeft)
    guard case .needsBytes = step, !traffic.mayHaveMore else { return step }
    traffic.incoming.releaseWhenEmpty(to: receivePool)
    return .allIsDecided
  }

  /// Decides the whole frames that are here, in order, each where it lies.
  private mutating func decideFrames(
    in incoming: inout ByteQueue, _ replies: inout ReplyQueue, of connection: Connection,
    _ frameCountLeft: inout Int
  ) -> DecideStep {
    while true {
      guard replies.frameCount < limits.framesInFlightMax else { return .repliesAreFull }
      guard frameCountLeft > 0 else { return .turnIsOver }
      let byteCount: Int
      do throws(FramingError) {
        guard let frame = try FrameView(prefixOf: incoming.readable, .request) else {
          return .needsBytes
        }
        guard let need = decide(frame, of: connection) else { return .waitsForRoom }
        replies.append(reply.bytes, waitingFor: need, durable: durable, from: replyPool)
        byteCount = frame.byteCount
      } catch {
        switch error {
        case .frameLength: return .broken(.frameLength)
        case .direction: return .broken(.direction)
        }
      }
      count(reply.frame.responseCode)
      incoming.consume(byteCount)
      frameCountLeft -= 1
    }
  }

  /// Decides one frame, encodes its reply, and gives what that waits for; nil if it must be tried
  /// again.
  private mutating func decide(
    _ frame: borrowing FrameView, of connection: Connection
  ) -> DurableNeed? {
    switch readyAudit(for: frame) {
    case .ready: break
    case .waitsForRoom: return nil
    case .closed:
      refuseUnaudited(frame)
      return DurableNeed.none
    }
    let type: MessageType
    do throws(FormatRefusal) {
      type = try FrameCheck.checkRequest(frame)
    } catch {
      reply.encodeRefusal(
        error.code, field: error.fieldNumber, rule: error.ruleNumber, replyingTo: frame)
      return enter(frame, Disposition(), isLookedUp: false, of: connection)
    }
    guard !connection.hasExpired(at: certificateTime) else {
      counters.frames.increment(FrameKey(type: type))
      reply.encodeRefusal(.certificateExpired, replyingTo: frame)
      return enter(frame, Disposition(), isLookedUp: false, of: connection)
    }
    // Asked for each frame: the log leaves room for two batches when it closes, and a turn may fill
    // more than that.
    let disposition = room.decide(
      frame, type, from: connection.identity, at: daemonTime,
      changesAvailable: room.changesAvailable, digester: &digester, into: &reply)
    guard !disposition.mustWaitForRoom else { return nil }
    counters.frames.increment(FrameKey(type: type))
    if disposition.isSecurityEvent { counters.events.increment(.securityEvents) }
    return enter(frame, disposition, isLookedUp: true, of: connection)
  }

  private func count(_ code: ResponseCode) {
    counters.replies.increment(ReplyKey(responseClass: code.responseClass))
    if code.isRefusal { counters.refusals.increment(RefusalKey(code)) }
  }
}
