import LinuxSystem
import ProgramSupport
import TLS
import TerminalClient
import TransactionModel
import WireFormat

/// The kinds of change, of each of which one application and one answer are owed.
enum ChangeKind: String, CaseIterable, Sendable {
  case activate, recertify, update, deactivate, reverse, verify, reaffirm

  /// The terminal of the test roster that a test of this kind works as, and the first of its cards.
  var terminal: UInt64 { 1_001 + UInt64(index) }
  var firstSerial: UInt64 { 1_000_000_000_001 + UInt64(index) * Self.cardCountMax }

  static let cardCountMax: UInt64 = 500

  private var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  var approval: ResponseCode {
    switch self {
    case .activate: .activated
    case .recertify: .recertified
    case .update: .updated
    case .deactivate: .deactivated
    case .reverse: .reversed
    case .verify, .reaffirm: .eligible
    }
  }

  var frameByteCounts: (request: Int, reply: Int) {
    let type: MessageType =
      switch self {
      case .activate: .activate
      case .recertify: .recertify
      case .update: .update
      case .deactivate: .deactivate
      case .reverse: .reverse
      case .verify, .reaffirm: .inquiry
      }
    return (MessageLayout.request(type).byteCount, MessageLayout.reply(type).byteCount)
  }
}

/// Brings one card after the other to where a change of a kind is approved: over a line of its own,
/// with trace numbers that nobody else uses.
final class Preparation {
  private let kind: ChangeKind
  private let connection: WireConnection
  private var traceNumber: UInt32 = 3_000_000_000
  private var serial: UInt64
  /// What the daemon's clock is ahead of this machine's; modulo 2^64, in milliseconds.
  private let clockOffset: UInt64

  init(_ kind: ChangeKind, _ installation: TestInstallation, port: UInt16) throws {
    self.kind = kind
    connection = try WireConnection(port: port, installation.context(terminal: kind.terminal))
    serial = kind.firstSerial
    try connection.signOn(terminal: kind.terminal)
    var requests = Requests(terminal: kind.terminal, after: 4_000_000_000)
    guard case .echo(let echo) = try decode(connection.exchange(requests.next(.echo))).message
    else { throw BrokenPromise("no answer to an echo") }
    clockOffset = echo.serverTime.milliseconds &- WallClock.nowMilliseconds
  }

  /// The next change, on a card that no other one was made of.
  func nextBody() throws -> RequestBody {
    let card = card(serial)
    serial += 1
    let form = eligibleForm()
    let deactivation = RequestBody.deactivate(
      card: card, reason: .notResident, subReason: .none, effectiveDate: today)
    switch kind {
    case .activate: return activation(card, form)
    case .recertify:
      try make(activation(card, form))
      try make(deactivation)
      return .recertify(Certification(card: card, certificationDate: today, client: form))
    case .update:
      try make(activation(card, form))
      var change = ClientForm()
      change.set(.zipCode, to: 900_010_000)
      return .update(card: card, expectedVersion: 1, client: change)
    case .deactivate:
      try make(activation(card, form))
      return deactivation
    case .reverse:
      let original = try make(activation(card, form))
      return .reverse(
        traceNumber: original.traceNumber, type: .activate, reason: 1,
        time: original.transactionTime)
    case .verify, .reaffirm:
      try make(activation(card, form))
      let purpose: InquiryPurpose = kind == .verify ? .verify : .reaffirm
      return .inquiry(card: card, dateOfService: today, purpose: purpose)
    }
  }

  @discardableResult
  private func make(_ body: RequestBody) throws -> ReplyHeader {
    traceNumber += 1
    // By the daemon's clock: what is made after the test's own changes is timed after them.
    let header = RequestHeader(
      environment: .test, flags: [],
      traceNumber: SystemTraceAuditNumber(rawValue: traceNumber),
      software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: kind.terminal),
      transactionTime: Instant(milliseconds: WallClock.nowMilliseconds &+ clockOffset),
      operatorID: OperatorID(rawValue: 501))
    let reply = try decode(
      connection.exchange(TerminalRequest(header: header, body: body).frame))
    guard reply.header.code.responseClass == .approved else {
      throw BrokenPromise("not prepared: \(reply.header.code.rawValue)")
    }
    return reply.header
  }
}

extension TestInstallation {
  /// A terminal of the roster at the near end of a relay; it waits only to let others go on.
  func profile(terminal: UInt64, port: UInt16) -> TerminalProfile {
    let own = path("terminals/\(terminal)")
    var profile = TerminalProfile(
      servers: [ServerAddress(host: "127.0.0.1", port: port)],
      authorityFile: path("tls/authority.pem"), certificateFile: own + "/terminal.pem",
      privateKeyFile: own + "/terminal.key", environment: .test,
      terminal: TerminalID(rawValue: terminal), operatorID: OperatorID(rawValue: 501),
      software: SoftwareID(rawValue: 1), stateDirectory: path("state-\(terminal)"))
    profile.clock = .server
    profile.connectTimeoutMilliseconds = patienceMilliseconds
    profile.answerTimeoutMilliseconds = 3 * patienceMilliseconds
    profile.intervals.firstReconnectMillisecondsMax = 0
    profile.intervals.firstWaitMilliseconds = 1
    profile.intervals.waitMillisecondsMax = 4
    return profile
  }

  /// A relay that a terminal takes for its server.
  func relay(terminal: UInt64, to port: UInt16) throws -> FrameRelay {
    try FrameRelay(
      to: port, as: context(terminal: terminal),
      TLSServerContext(
        certificateChainFile: path("tls/server.pem"), privateKeyFile: path("tls/server.key"),
        clientAuthorityFile: path("tls/authority.pem")))
  }
}
