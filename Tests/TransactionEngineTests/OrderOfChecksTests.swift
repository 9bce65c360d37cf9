import Support
import Testing
import TransactionEngine
import TransactionModel
import WireFormat

/// One thing that can be wrong with a request or with what the register says, in the order in
/// which the specification has it looked at.
enum Check: Int, CaseIterable, Comparable {
  case format
  case environment
  case certificate
  case terminalBlocked
  case duplicateStore
  case clock
  case trainingInBatch
  case site
  case `operator`
  case signedOn
  case role
  case changesAvailable
  case business

  static func < (lhs: Check, rhs: Check) -> Bool { lhs.rawValue < rhs.rawValue }

  var code: ResponseCode {
    switch self {
    case .format: .reservedNotZero
    case .environment: .environmentMismatch
    case .certificate: .terminalNotOfCertificate
    case .terminalBlocked: .terminalBlocked
    case .duplicateStore: .traceNumberReused
    case .clock: .transactionTimeTooOld
    case .trainingInBatch: .trainingInBatch
    case .site: .siteNotActive
    case .operator: .operatorUnknown
    case .signedOn: .operatorNotSignedOn
    case .role: .roleNotPermitted
    case .changesAvailable: .changesUnavailable
    case .business: .cardUnknown
    }
  }
}

/// An activation and its surroundings, with some of it broken.
struct Situation {
  var step: TransactionStep
  var site = Site(
    id: Fixture.clinic, role: .enrollingClinic, state: .active, vouchesForOperators: false,
    firstDay: CalendarDate(trusted: 2020_01_01), lastDay: .none,
    name: InlineArray(repeating: 0x20))
  var terminal = Terminal(id: Speaker.clinic.terminal, site: Fixture.clinic, state: .active)
  var changesAvailable = true
  var hasReservedByte = false

  mutating func breakRule(_ check: Check) {
    switch check {
    case .format: hasReservedByte = true
    case .environment: step.header.environment = .production
    case .certificate: step.identity = Speaker.newTerminal.identity
    case .terminalBlocked: terminal.state = .suspended
    case .duplicateStore, .signedOn: break
    case .clock:
      step.header.transactionTime = Instant(
        milliseconds: step.header.transactionTime.milliseconds - 3_600_000)
    case .trainingInBatch: step.header.flags = [.training, .batch]
    case .site: site.lastDay = CalendarDate(trusted: 2026_11_01)
    case .operator: step.header.operatorID = Speaker.retiredOperator.operatorID
    case .role: site.role = .inquiryOnly
    case .changesAvailable: changesAvailable = false
    case .business: step.body = Scene.activate(Fixture.unknownCard(0))
    }
  }

  var frame: [UInt8] {
    var frame = step.frame
    if hasReservedByte { frame[CertifyRequestLayout.reserved.offset] = 1 }
    return frame
  }
}

@Suite("The order of the checks")
struct OrderOfChecksTests {
  static let pairs = Check.allCases.flatMap { first in
    Check.allCases.filter { first < $0 }.map { (first, $0) }
  }

  @Test("what breaks two rules is answered for the earlier one", arguments: pairs)
  func earlierWins(_ first: Check, _ second: Check) throws {
    #expect(try code(breaking: [first, second]) == first.code)
  }

  @Test("each check gives its own code", arguments: Check.allCases)
  func each(_ check: Check) throws {
    #expect(try code(breaking: [check]) == check.code)
  }

  @Test("what breaks no rule is activated")
  func none() throws {
    #expect(try code(breaking: []) == .activated)
  }

  private func code(breaking checks: [Check]) throws -> ResponseCode {
    let engine = try FixtureEngine()
    var line = Line(engine)
    var situation = Situation(step: line.step(Scene.activate(Fixture.card(0))))
    if checks.contains(.duplicateStore) {
      var original = situation.step
      original.body = Scene.activate(Fixture.card(1))
      try line.send(original)
    }
    if checks.contains(.signedOn) { try line.send(.signOff) }
    for check in checks { situation.breakRule(check) }
    let stagedBefore = engine.records.count + 2
    #expect(
      engine.engine.register(.site(situation.site), by: Fixture.author, at: Fixture.start) != nil)
    #expect(
      engine.engine.register(.terminal(situation.terminal), by: Fixture.author, at: Fixture.start)
        != nil)
    let answer = try engine.decide(
      situation.frame, from: situation.step.identity, at: Fixture.start,
      changesAvailable: situation.changesAvailable)
    let reply = try Reply(FrameView(whole: unsafe answer.bytes.span.bytes))
    // Only what is decided leaves a record; a refusal leaves none.
    let isDecided = !reply.header.code.isRefusal
    #expect(engine.records.count == stagedBefore + (isDecided ? 1 : 0))
    return reply.header.code
  }
}
