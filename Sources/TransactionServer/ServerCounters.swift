import AuditTrail
import Observability
import TransactionModel

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
  /// A request was refused because the audit log has no room for its entry.
  case auditRefusals
  /// A refused echo for whose entry the audit log had no room.
  case auditOmissions
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
