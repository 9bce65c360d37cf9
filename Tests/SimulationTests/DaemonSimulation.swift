import SimulatedStorage
import Support
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

/// Several terminals at several sites on a few cards, a line that loses, delays, repeats and
/// reorders, and a daemon that crashes at any step, from one seed.
struct DaemonSimulation {
  private struct Message {
    var step: TransactionStep
    /// The reply; `nil` for a request on its way.
    var reply: [UInt8]?
  }

  /// A terminal: at most one request open, repeated until it is answered.
  private struct Client {
    var speaker: Speaker
    var traceNumber: UInt32 = 0
    var open: TransactionStep?
    /// The last changes, for reversals of what was answered.
    var done: [ChangeKey] = []
  }

  private var random: SeededGenerator
  private let daemon: SimulatedDaemon
  private var clients: [Client]
  private var messages: [Message] = []
  private var history = History()
  private var cards: [ChangeKey: CardNumber] = [:]
  private var types: [ChangeKey: (type: MessageType, time: Instant)] = [:]
  private var sent: [ChangeKey: TransactionStep] = [:]
  private var now = 0
  private var isCalm = false
  /// What came of the changes, by code: so that a test can ask for variety.
  private(set) var codes: [ResponseCode: Int] = [:]

  init(seed: UInt64, fault: SimulatedDaemon.Fault? = nil) throws {
    random = SeededGenerator(seed: seed)
    daemon = try SimulatedDaemon(seed: random.next(), fault: fault)
    clients = [Speaker.clinic, .newTerminal, .secondClinic, .pharmacy].map {
      Client(speaker: $0)
    }
  }

  mutating func run() throws {
    for _ in 0..<3 {
      chooseFault()
      for _ in 0..<Int.random(in: 20..<120, using: &random) { try step() }
      try crash()
    }
    isCalm = true
    messages = []
    for _ in 0..<2_000 where clients.contains(where: { $0.open != nil }) { try step() }
    try inquireFinally()
    try check()
  }

  private mutating func chooseFault() {
    switch Int.random(in: 0..<5, using: &random) {
    case 0: break
    case 1: daemon.storage.failSync(after: Int.random(in: 0..<20, using: &random))
    default: daemon.storage.stop(afterChanges: Int.random(in: 0..<50, using: &random))
    }
  }

  private mutating func crash() throws {
    daemon.crash(losingPower: random.oneIn(2))
    try daemon.start()
  }

  /// Does something to the daemon that may be its end.
  private mutating func surviving(_ body: (inout Self) throws -> Void) throws {
    do {
      try body(&self)
    } catch let failure as History.Failure {
      throw failure
    } catch {
      // The disk failed or the machine stopped: that ends the daemon.
      guard !isCalm else { throw error }
      try crash()
    }
  }

  private mutating func step() throws {
    now += 1
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3: act(Int.random(in: clients.indices, using: &random))
    case 3 where random.oneIn(4): try surviving { try $0.pretend() }
    case 3..<7: try surviving { try $0.deliver() }
    case 7..<9:
      try surviving { simulation in
        try simulation.daemon.commit()
        simulation.takeReplies()
      }
    default: if !isCalm, random.oneIn(12) { try crash() }
    }
  }

  // MARK: Terminals

  private mutating func act(_ index: Int) {
    if var step = clients[index].open {
      // Nothing was heard: once more, or cancelled.
      let key = step.key
      if !isCalm, random.oneIn(8), let original = types[key], original.type.isReversible {
        clients[index].open = nil
        begin(.reverse(key), cards[key] ?? .blank, at: index)
        return
      }
      step.header.flags.insert(.repeat)
      send(step)
      return
    }
    guard !isCalm else { return }
    let card = Fixture.card(UInt64.random(in: 0..<3, using: &random))
    if random.oneIn(6), let key = clients[index].done.randomElement(using: &random) {
      begin(.reverse(key), cards[key] ?? .blank, at: index)
    } else {
      begin(action(for: clients[index].speaker), card, at: index)
    }
  }

  private mutating func action(for speaker: Speaker) -> CardAction {
    let incomes: [UInt32] = [2_400, 4_554, 4_555]
    let income = incomes.randomElement(using: &random) ?? 0
    let mayActivate = speaker == .clinic || speaker == .newTerminal
    let mayChange = speaker != .pharmacy
    switch Int.random(in: 0..<11, using: &random) {
    case 8..<10 where mayChange:
      return .recertify(client: Int.random(in: 1...2, using: &random), income: income)
    case 0..<2 where mayActivate:
      return .activate(client: Int.random(in: 1...2, using: &random), income: income)
    case 2..<4 where mayChange:
      return .update(version: UInt32.random(in: 1...5, using: &random), income: income)
    case 4 where mayChange, 10 where mayChange: return .deactivate
    case 5: return .verify
    case 6 where mayChange: return .reaffirm
    default: return .inquire
    }
  }

  private mutating func begin(_ action: CardAction, _ card: CardNumber, at index: Int) {
    clients[index].traceNumber += 1
    let speaker = clients[index].speaker
    let key = ChangeKey(
      terminal: speaker.terminal,
      traceNumber: SystemTraceAuditNumber(rawValue: clients[index].traceNumber))
    let body = body(of: action, card)
    let header = RequestHeader(
      environment: Fixture.environment, flags: [], traceNumber: key.traceNumber,
      software: SoftwareID(rawValue: 1), terminal: speaker.terminal, transactionTime: time,
      operatorID: speaker.operatorID)
    let step = TransactionStep(
      header: header, body: body, identity: speaker.identity, serverTime: time)
    cards[key] = card
    types[key] = (body.messageType, time)
    sent[key] = step
    history.invoke(key, card, action, at: now)
    clients[index].open = step
    send(step)
  }

  private func body(of action: CardAction, _ card: CardNumber) -> RequestBody {
    switch action {
    case .activate(let client, let income):
      return Scene.activate(card, CardAction.form(of: client, income: income))
    case .recertify(let client, let income):
      return Scene.recertify(card, CardAction.form(of: client, income: income))
    case .update(let version, let income):
      return Scene.update(
        card, expecting: version, SampleForm.emptyUpdate.with(.monthlyIncome, income))
    case .deactivate: return Scene.deactivate(card)
    case .inquire: return Scene.inquire(card)
    case .verify: return Scene.inquire(card, .verify)
    case .reaffirm: return Scene.inquire(card, .reaffirm)
    case .reverse(let key):
      guard let original = types[key] else { preconditionFailure("nothing to reverse") }
      return .reverse(
        traceNumber: key.traceNumber, type: original.type, reason: 1, time: original.time)
    }
  }

  /// A terminal that has a double: a number that was answered stands for something else.
  private mutating func pretend() throws {
    guard let client = clients.randomElement(using: &random),
      let key = client.done.randomElement(using: &random), var step = sent[key]
    else { return }
    if random.oneIn(2) {
      step.header.transactionTime = Instant(
        milliseconds: step.header.transactionTime.milliseconds + 1)
    } else {
      step.body = Scene.inquire(Fixture.card(0), .verify)
    }
    step.header.flags = random.oneIn(2) ? .repeat : []
    try daemon.receive(step, at: time)
    guard daemon.takeNewestCode() == .traceNumberReused else {
      throw History.Failure(
        description: "number \(key.traceNumber.rawValue) stood for two transactions")
    }
  }

  // MARK: The line

  private mutating func send(_ step: TransactionStep, _ reply: [UInt8]? = nil) {
    let message = Message(step: step, reply: reply)
    switch isCalm ? 3 : Int.random(in: 0..<10, using: &random) {
    case 0, 1: break
    case 2: messages += [message, message]
    default: messages.append(message)
    }
  }

  private mutating func deliver() throws {
    guard !messages.isEmpty else { return }
    let message = messages.remove(at: Int.random(in: messages.indices, using: &random))
    guard let bytes = message.reply else {
      try daemon.receive(message.step, at: time)
      return takeReplies()
    }
    let reply = try Reply(FrameView(whole: unsafe bytes.span.bytes))
    try hear(reply, message.step)
  }

  private mutating func takeReplies() {
    for outgoing in daemon.takeReplies() {
      guard let reply = try? Reply(FrameView(whole: unsafe outgoing.bytes.span.bytes)),
        let step = step(reply, outgoing.terminal)
      else { continue }
      send(step, outgoing.bytes)
    }
  }

  /// A stand-in for the request that a reply names.
  private func step(_ reply: Reply, _ terminal: TerminalID) -> TransactionStep? {
    guard let client = clients.first(where: { $0.speaker.terminal == terminal }) else {
      return nil
    }
    let header = RequestHeader(
      environment: Fixture.environment, flags: [], traceNumber: reply.header.traceNumber,
      software: SoftwareID(rawValue: 1), terminal: terminal, transactionTime: time,
      operatorID: client.speaker.operatorID)
    return TransactionStep(
      header: header, body: .echo, identity: client.speaker.identity, serverTime: time)
  }

  private mutating func hear(_ reply: Reply, _ step: TransactionStep) throws {
    let key = step.key
    guard !reply.header.code.isRefusal else {
      throw History.Failure(
        description: "number \(key.traceNumber.rawValue) was refused with "
          + "\(reply.header.code.rawValue)")
    }
    try history.respond(key, reply, at: now)
    guard let index = clients.firstIndex(where: { $0.speaker.terminal == key.terminal }) else {
      return
    }
    if types[key]?.type.isReversible == true { clients[index].done.append(key) }
    guard clients[index].open?.key == key else { return }
    codes[reply.header.code, default: 0] += 1
    clients[index].open = nil
  }

  // MARK: The end

  private mutating func inquireFinally() throws {
    for number in UInt64(0)..<3 {
      begin(.inquire, Fixture.card(number), at: 0)
      for _ in 0..<1_000 where clients[0].open != nil { try step() }
    }
    guard clients.allSatisfy({ $0.open == nil }) else {
      throw History.Failure(description: "a request is never answered")
    }
  }

  private func check() throws {
    try history.check(daemon.transactions())
  }

  /// Every step takes a hundredth of a second, so that nothing grows too old.
  private var time: Instant {
    Instant(milliseconds: Fixture.start.milliseconds + UInt64(now) * 10)
  }
}

extension TransactionStep {
  fileprivate var key: ChangeKey {
    ChangeKey(terminal: header.terminal, traceNumber: header.traceNumber)
  }
}

extension MessageType {
  fileprivate var isReversible: Bool {
    switch self {
    case .activate, .recertify, .update, .deactivate: true
    case .signOn, .signOff, .echo, .inquiry, .reverse, .last: false
    }
  }
}
