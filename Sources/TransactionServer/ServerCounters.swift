import Observability
import TransactionModel

/// Why a connection that had been let in is over.
enum CloseReason: Int, CounterKey {
  /// The peer said that it was done.
  case peerClosed
  /// The peer's connection is gone, or it does not answer any more.
  case peerVanished
  case idle
  /// The peer takes no replies.
  case writeStalled
  /// A frame length that cannot be.
  case frameLength
  /// A reply, where only requests may come.
  case direction
  /// What came is not TLS any more.
  case tlsFailed
  /// The server stops.
  case shutdown
  /// The system had no room to watch it.
  case notWatchable
}

/// Why a connection was not let in.
enum HandshakeFailure: Int, CounterKey, Error {
  case notTLS
  case protocolVersion
  /// The deadline passed.
  case stalled
  case noCertificate
  case unknownAuthority
  case expired
  case notYetValid
  case wrongPurpose
  case otherCertificate
  /// The certificate has no alternative name that is a URI.
  case noIdentity
  case severalIdentities
  /// The URI is of neither of the two forms of an identity.
  case badIdentity
  case wrongEnvironment
  /// The client refused the server's certificate, or what it was offered.
  case refusedByPeer
  case peerClosed
  case tooManyOfAddress
  case shutdown
  case other
}

/// What else a reactor counts.
enum ReactorEvent: Int, CounterKey {
  case wakeUps
  case connections
  /// Requests that claim what their certificate does not say.
  case securityEvents
  /// A request waited because the staged batch was full.
  case roomWaits
  /// A connection was read no further because too many of its replies wait.
  case readPauses
}

/// What else the handshake thread counts.
enum HandshakeEvent: Int, CounterKey {
  case wakeUps
  case accepted
  case handshakes
  /// Nothing could be accepted, mostly for want of descriptors or memory.
  case acceptFailures
}

/// A request that kept the rules of the format, by type.
struct FrameKey: CounterKey {
  let type: MessageType

  static let allCases = MessageType.allCases.map { FrameKey(type: $0) }

  var counterIndex: Int { Int(type.rawValue) }
  var counterName: String { Self.name(of: type) }
}

/// A reply, by the class of its code.
struct ReplyKey: CounterKey {
  let responseClass: ResponseClass

  static let allCases = ResponseClass.allCases.map { ReplyKey(responseClass: $0) }

  var counterIndex: Int { Int(responseClass.rawValue) }
  var counterName: String { Self.name(of: responseClass) }
}

/// A code that stands in refusals, as a place in a table.
struct RefusalKey: CounterKey {
  let counterIndex: Int

  /// The first code of each run of codes, and its place.
  private static let runs: [(code: UInt16, index: Int, count: Int)] = [
    (1_000, 0, 32), (2_000, 32, 48), (2_500, 80, 16), (4_000, 96, 16),
  ]
  /// For codes outside the runs.
  private static let otherIndex = 112

  static let allCases = (0...otherIndex).map { RefusalKey(counterIndex: $0) }

  private init(counterIndex: Int) { self.counterIndex = counterIndex }

  init(_ code: ResponseCode) {
    for run in Self.runs where code.rawValue >= run.code {
      let distance = Int(code.rawValue - run.code)
      if distance < run.count {
        counterIndex = run.index + distance
        return
      }
    }
    counterIndex = Self.otherIndex
  }

  var counterName: String {
    for run in Self.runs where (run.index..<run.index + run.count).contains(counterIndex) {
      return String(Int(run.code) + counterIndex - run.index)
    }
    return "other"
  }
}

/// The counts of one reactor, which it alone raises.
final class ReactorCounters: Sendable {
  let events = CounterTable<ReactorEvent>()
  let frames = CounterTable<FrameKey>()
  let replies = CounterTable<ReplyKey>()
  let refusals = CounterTable<RefusalKey>()
  let closes = CounterTable<CloseReason>()
}

/// The counts of the handshake thread.
final class HandshakeCounters: Sendable {
  let events = CounterTable<HandshakeEvent>()
  let failures = CounterTable<HandshakeFailure>()
}
