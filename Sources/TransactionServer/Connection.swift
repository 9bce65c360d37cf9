import LinuxSystem
import TLS
import TransactionModel

/// One terminal's or gateway's connection, owned by a reactor: bytes in, replies out.
///
/// It is read as long as it is `open` and neither of its two brakes is on. Once a reason to close is
/// set nothing more is read, and it goes when its last reply has gone.
final class Connection {
  let socket: ConnectionSocket
  let identity: CertificateIdentity
  let certificateEndMilliseconds: UInt64
  var traffic: Traffic
  var token: UInt64 = 0

  /// Why it is to close when all replies have gone; nil while it is served.
  var closeReason: CloseReason?
  /// The reactor has let go of it; lists that still name it pass over it.
  var isGone = false

  // MARK: Brakes

  /// As many replies are under way as may be.
  var isFull = false
  /// Its next request found no room in the staged batch.
  var waitsForRoom = false

  // MARK: What TLS waits for

  var interest = ReadinessInterest.readable
  var readWantsWrite = false
  /// A write waits for readiness: to write, or to read where TLS must hear from the peer first.
  var writeWants: ReadinessInterest = []

  // MARK: The reactor's lists that name it

  var isInTurn = false
  var isToFlush = false
  var isWaiting = false
  /// The peer has hung up: it was put behind the others once.
  var isLeaving = false
  /// It is behind the others still.
  var waitsToLeave = false

  // MARK: Times, by the monotonic clock in milliseconds

  var lastReceived: UInt64
  /// When replies last began to wait for the peer to take them, or it last took some.
  var lastSent: UInt64
  /// TLS holds its 34 KB of record buffers.
  var hasRecordBuffers = true

  init(_ handover: Handover, now: UInt64) {
    socket = handover.socket
    identity = handover.identity
    certificateEndMilliseconds = handover.certificateEndMilliseconds
    traffic = Traffic(handover.takeSession())
    lastReceived = now
    lastSent = now
  }

  var rawValue: Int32 { socket.descriptor.rawValue }

  /// Whether requests may be taken from it.
  var isReading: Bool { closeReason == nil && !isFull && !waitsForRoom }

  /// What it has to be watched for, in its present state.
  var wantedInterest: ReadinessInterest {
    var interest = writeWants
    if isReading { interest.formUnion(readWantsWrite ? .writable : .readable) }
    return interest
  }

  /// Whether the certificate's validity is over at a real time.
  ///
  /// The last second it is valid in belongs to it.
  func hasExpired(at time: Instant) -> Bool {
    time.milliseconds >= certificateEndMilliseconds + 1_000
  }
}
