import LinuxSystem
import SimulatedStorage
import Support
import TerminalClient
import TerminalSimulation
import TransactionEngine
import TransactionModel
import WireFormat

/// The simulated daemon as a simulated terminal meets it: it refuses now and then, is short of room
/// for changes, answers some requests only after later ones, and dies at any step.
///
/// Another clinic works on the same cards meanwhile, and hears every answer.
final class ServedDaemon: SimulatedServer {
  /// Hours in place of days, so that all limits are met within one day of the program.
  static let settings: EngineSettings = {
    var settings = EngineSettings(environment: Fixture.environment)
    settings.storedAnswerCountMax = limits.storedAnswerCount
    settings.reversalMillisecondsMax = limits.reversalMilliseconds
    settings.storedAgeMillisecondsMax = 4 * 3_600_000
    return settings
  }()
  static let limits = SimulationLimits(reversalMilliseconds: 2 * 3_600_000, storedAnswerCount: 12)

  static let cards = (0..<5).map { Fixture.card($0) }
  private static let speaker = Speaker.clinic
  private static let stranger = Speaker.secondClinic

  private let daemon: SimulatedDaemon
  private var random: SeededGenerator
  private var time = Fixture.start
  private var isCalm = false
  /// What the other clinic did.
  private(set) var strangerSteps: [TransactionStep] = []
  private var cached: (position: LogPosition, transactions: [LoggedTransaction]) = (.zero, [])

  init(seed: UInt64, fault: SimulatedDaemon.Fault? = nil) throws {
    random = SeededGenerator(seed: seed)
    daemon = try SimulatedDaemon(seed: random.next(), fault: fault, settings: Self.settings)
    for card in Self.cards.prefix(3) {
      try actAsStranger(.newTerminal, Scene.activate(card), flags: [])
    }
    try daemon.commit()
    _ = daemon.takeReplies()
    chooseFault()
  }

  func answer(_ frame: [UInt8], at time: Instant) -> [[UInt8]]? {
    self.time = time
    if !isCalm, random.oneIn(12) {
      return [ModelReply.refusal(random.oneIn(2) ? .busy : .shuttingDown, to: frame)]
    }
    do {
      if !isCalm, random.oneIn(8) { try interfere() }
      try daemon.receive(
        frame, from: Self.speaker.identity, at: time,
        changesAvailable: isCalm || !random.oneIn(15))
      if isCalm || random.oneIn(2) { try daemon.commit() }
    } catch {
      // The disk failed or the machine stopped: that ends the daemon.
      restart()
      return nil
    }
    return daemon.takeReplies().filter { $0.terminal == Self.speaker.terminal }.map(\.bytes)
  }

  func restart() {
    daemon.crash(losingPower: random.oneIn(2))
    // Some starts die in the middle of recovery.
    if !isCalm, random.oneIn(4) {
      daemon.storage.stop(afterChanges: Int.random(in: 0..<8, using: &random))
    }
    do { try daemon.start(at: time) } catch {
      daemon.crash(losingPower: random.oneIn(2))
      do { try daemon.start(at: time) } catch { preconditionFailure("no recovery: \(error)") }
    }
    chooseFault()
  }

  func becomeCalm() {
    isCalm = true
    restart()
  }

  private func chooseFault() {
    guard !isCalm else { return }
    switch Int.random(in: 0..<5, using: &random) {
    case 0: break
    case 1: daemon.storage.failSync(after: Int.random(in: 0..<40, using: &random))
    default: daemon.storage.stop(afterChanges: Int.random(in: 0..<100, using: &random))
    }
  }

  // MARK: The other clinic

  private func interfere() throws {
    guard let card = Self.cards.randomElement(using: &random) else { return }
    let version = UInt32.random(in: 1...6, using: &random)
    let body =
      random.oneIn(3)
      ? Scene.deactivate(card)
      : Scene.update(
        card, expecting: version, SampleForm.emptyUpdate.with(.monthlyIncome, 2_500))
    try actAsStranger(Self.stranger, body, flags: .storedAndForward)
  }

  private func actAsStranger(
    _ speaker: Speaker, _ body: RequestBody, flags: FrameFlags
  ) throws {
    let header = RequestHeader(
      environment: Fixture.environment, flags: flags,
      traceNumber: SystemTraceAuditNumber(rawValue: UInt32(strangerSteps.count) + 1),
      software: SoftwareID(rawValue: 1), terminal: speaker.terminal, transactionTime: time,
      operatorID: speaker.operatorID)
    let step = TransactionStep(
      header: header, body: body, identity: speaker.identity, serverTime: time)
    strangerSteps.append(step)
    try daemon.receive(step, at: time)
  }

  // MARK: What the log says

  /// Every change of anybody, in order.
  func transactions() throws -> [LoggedTransaction] {
    if cached.position != daemon.durablePosition {
      cached = (daemon.durablePosition, try daemon.transactions())
    }
    return cached.transactions
  }

  private var ownTransactions: [LoggedTransaction] {
    let all = (try? transactions()) ?? []
    return all.filter { $0.key.terminal == Self.speaker.terminal }
  }

  func fate(of traceNumber: SystemTraceAuditNumber) -> ChangeFate {
    let own = ownTransactions
    guard let change = own.first(where: { $0.key.traceNumber == traceNumber }) else {
      return .notCarriedOut
    }
    let isUndone = own.contains {
      $0.code == .reversed && $0.original?.key.traceNumber == traceNumber
    }
    return isUndone ? .undone : ChangeFate(change.code, of: change.type)
  }

  var carriedOut: [SystemTraceAuditNumber] {
    ownTransactions.filter { ChangeFate($0.code, of: $0.type) == .standing }
      .map(\.key.traceNumber)
  }
}
