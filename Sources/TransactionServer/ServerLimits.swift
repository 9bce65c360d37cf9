import WireFormat

/// Every limit of the server, in one place.
///
/// A limit on what a peer may use holds back or closes that peer and nobody else; a full server
/// leaves new connections in the kernel's queue.
public struct ServerLimits: Sendable {
  // MARK: Connections

  /// Open connections, those in handshake and those that linger included.
  public var connectionCountMax = 10_000
  /// Of those, from one peer address; version 6 addresses count by their first 64 bits.
  public var connectionsPerAddressMax = 2_048
  /// A connection that sends nothing for so long is closed; the sign-on reply states it.
  public var idleDeadlineMilliseconds: UInt64 = 30 * 60 * 1_000
  /// A connection gives its TLS buffers back when it was quiet for so long.
  public var quietMilliseconds: UInt64 = 1_000
  /// A peer that takes none of the bytes that wait for it for so long is closed.
  public var writeStallMilliseconds: UInt64 = 60_000
  /// The kernel asks a silent peer whether it still lives after so long.
  public var keepAliveSeconds: Int32 = 60

  // MARK: Handshakes

  public var handshakesInFlightMax = 512
  /// Of those, from one peer address: what is above is closed at once.
  public var handshakesPerAddressMax = 128
  public var handshakesPerSecondMax = 500
  /// From accept to the end of the handshake.
  public var handshakeDeadlineMilliseconds: UInt64 = 10_000
  /// How long nothing is accepted after the system was out of descriptors or memory.
  public var acceptPauseMilliseconds: UInt64 = 100
  /// Connections that are not let in are counted for so long before they are entered in the audit
  /// log, one entry for each reason and address prefix.
  public var handshakeTallyMilliseconds: UInt64 = 60_000
  /// The handshake thread's niceness: a flood of handshakes leaves the processor to the reactors.
  public var handshakeNiceness: Int32 = 5

  // MARK: Frames

  /// Requests of one connection that were decided and whose replies are not on their way.
  ///
  /// The sign-on reply states it. A client that sends more is read no further until it has fewer.
  public var framesInFlightMax = 64
  /// Requests of one connection decided before the others have their turn.
  public var framesPerTickMax = 64
  public var receiveBufferByteCount = 16 * 1024
  /// Room for the replies of one connection that wait, and as much again for those on their way.
  public var replyQueueByteCount = 64 * ReplyQueue.replyByteCountMax
  /// Empty buffers that a reactor keeps for the next connection that needs one.
  public var pooledBufferCountMax = 256

  // MARK: Ends

  /// How long a connection that is over still receives, and discards, so that the peer can read
  /// why: closing at once would make the kernel send a reset that overtakes the reason.
  public var lingerMilliseconds: UInt64 = 2_000
  /// How much it receives, at most, before it is closed all the same.
  public var lingerByteCountMax = 256 * 1024

  public init() {}

  /// The frames that a peer is told it may have in flight.
  public var framesInFlightStated: UInt16 { UInt16(clamping: framesInFlightMax) }

  /// The idle deadline as a peer is told it.
  public var idleSecondsStated: UInt32 { UInt32(clamping: idleDeadlineMilliseconds / 1_000) }

  /// What does not fit together, one sentence each; none in a server that starts.
  public var contradictions: [String] {
    let relations: [(holds: Bool, sentence: String)] = [
      (connectionCountMax > 0, "at least one connection"),
      (connectionsPerAddressMax > 0, "at least one connection per address"),
      (handshakesInFlightMax > 0, "at least one handshake in flight"),
      (
        handshakesInFlightMax <= connectionCountMax,
        "no more handshakes in flight than connections"
      ),
      (handshakesPerAddressMax > 0, "at least one handshake per address"),
      (handshakesPerSecondMax > 0, "at least one handshake per second"),
      ((0...19).contains(handshakeNiceness), "a niceness from 0 to 19"),
      (keepAliveSeconds > 0, "at least one second before the peer is asked"),
      (framesInFlightMax > 0, "at least one frame in flight"),
      (framesPerTickMax > 0, "at least one frame in a turn"),
      (
        receiveBufferByteCount >= 2 * HeaderLayout.frameByteCountMax,
        "a receive buffer of at least two frames"
      ),
      (
        replyQueueByteCount >= framesInFlightMax * ReplyQueue.replyByteCountMax,
        "room for the replies to all frames in flight"
      ),
      (
        quietMilliseconds <= idleDeadlineMilliseconds,
        "quiet before idle"
      ),
    ]
    return relations.filter { !$0.holds }.map(\.sentence)
  }
}
