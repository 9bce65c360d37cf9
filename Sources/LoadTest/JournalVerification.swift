import Foundation
import LinuxSystem
public import TransactionModel
import WireFormat

/// Holds a server to a journal: every acknowledged change is there, once, and as it was answered.
///
/// First each card that was changed is inquired: version, ZIP code, period and log position are
/// those of its last acknowledged change, or of the one that was never answered. If all are, the
/// newest changes of each terminal are sent again as repeats: the answers are the stored ones. If
/// not, no repeat is sent: it would carry out what was lost.
public final class JournalVerification {
  /// What came of it.
  public struct Result: Sendable {
    public var acknowledgedCount = 0
    public var cardCount = 0
    public var storedAnswerCount = 0
    /// Stored answers that the server has forgotten by its rules meanwhile.
    public var forgottenCount = 0
    public var unansweredCount = 0
    /// Unanswered changes that had been carried out.
    public var carriedOutCount = 0
    public var violations = Violations()

    public var isRight: Bool { violations.count == 0 }
  }

  private static let connectMilliseconds: Int32 = 10_000
  private static let sharedConnectionCount = 8

  private let history: JournalHistory

  /// Reads a journal.
  public init(path: String) throws(LoadError) {
    guard let content = FileManager.default.contents(atPath: path) else {
      throw .fileUnusable(path: path, reason: "cannot be read")
    }
    history = try JournalHistory(Array(content))
  }

  /// The terminals whose certificates it takes, and their operators.
  public var terminals: [(id: TerminalID, operatorID: OperatorID)] {
    history.terminals.map { ($0.id, $0.operatorID) }
  }

  /// Asks the server; the target has the journal's terminals and operators in their order.
  public func run(
    _ target: LoadTarget, answerSeconds: Double = 25, giveUpSeconds: Double = 10
  ) throws(LoadError) -> Result {
    var target = target
    target.firstSerial = history.header.firstSerial
    target.software = SoftwareID(rawValue: history.header.software)
    var plan = LoadPlan()
    plan.usesGateway = target.credentials.count == 1
    plan.terminals = target.terminals.count
    plan.connections =
      plan.usesGateway ? min(Self.sharedConnectionCount, plan.terminals) : plan.terminals
    (plan.answerSeconds, plan.giveUpSeconds) = (answerSeconds, giveUpSeconds)
    ignoreBrokenPipe()
    try LoadRun.checkDescriptors(plan)
    var settings = LoadDriver.Settings(plan)
    settings.allowsForgottenAnswers = true
    let driver = try LoadDriver(
      target, address: try target.findAddress(timeoutMilliseconds: Self.connectMilliseconds),
      settings, book: history.book, connections: try LoadRun.connections(plan, target),
      recorder: Recorder(plan.stages), journal: nil, seed: plan.seed)
    defer { driver.closeAll() }
    driver.violations = history.violations
    return try run(driver)
  }

  private func run(_ driver: LoadDriver) throws(LoadError) -> Result {
    var result = Result()
    result.acknowledgedCount = history.acknowledgedCount
    result.unansweredCount = history.unansweredCount
    let records = RecordCheck(history.changedCards)
    try driver.run(records)
    result.cardCount = history.changedCards.count
    result.carriedOutCount = records.carriedOutCount
    if driver.violations.count == 0 {
      let answers = StoredAnswerCheck(history.newest)
      try driver.run(answers)
      result.storedAnswerCount = answers.rightCount
      result.forgottenCount = answers.forgottenCount
    }
    result.violations = driver.violations
    return result
  }
}

/// Inquires cards; the driver compares what it is told with the book.
private final class RecordCheck: Traffic {
  private let cards: [Int]
  private var nextPlace = 0
  private(set) var carriedOutCount = 0

  init(_ cards: [Int]) { self.cards = cards }

  func next(for connection: LoadConnection, _ driver: LoadDriver, at now: UInt64) -> Exchange? {
    guard nextPlace < cards.count else { return nil }
    var exchange = Exchange(.inquiry, intendedNanoseconds: now)
    exchange.card = cards[nextPlace]
    nextPlace += 1
    return exchange
  }

  func answered(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ judgement: Judgement,
    _ driver: LoadDriver
  ) {
    guard judgement == .right, let pending = driver.book.pendingState(of: exchange.card),
      pending.version != driver.book.state(of: exchange.card).version
    else { return }
    let version = frame.number(OutcomeLayout.recordVersion, as: UInt32.self)
    if version == pending.version { carriedOutCount += 1 }
  }

  func isOver(at now: UInt64) -> Bool { nextPlace == cards.count }
}

/// Sends changes again that were answered; the driver compares the answers with the first ones.
private final class StoredAnswerCheck: Traffic {
  /// Those of each terminal that are left, from the end on.
  private var left: [[JournalHistory.Acknowledged]]
  private var leftCount: Int
  private(set) var rightCount = 0
  private(set) var forgottenCount = 0

  init(_ changes: [[JournalHistory.Acknowledged]]) {
    left = changes
    leftCount = changes.reduce(0) { $0 + $1.count }
  }

  func next(for connection: LoadConnection, _ driver: LoadDriver, at now: UInt64) -> Exchange? {
    for terminal in connection.terminals {
      guard let change = left[terminal].popLast() else { continue }
      leftCount -= 1
      return change.exchange.repeated(
        intendedNanoseconds: now, stage: nil, digest: change.digest)
    }
    return nil
  }

  func answered(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ judgement: Judgement,
    _ driver: LoadDriver
  ) {
    switch judgement {
    case .right: rightCount += 1
    case .notOffered: forgottenCount += 1
    case .refused, .wrong: break
    }
  }

  func isOver(at now: UInt64) -> Bool { leftCount == 0 }
}
