import LinuxSystem
import TransactionModel
import WireFormat

/// Drives the connections of a load test on one thread: connects them, keeps operators signed on,
/// sends what traffic wants sent, and holds every answer against the book of cards.
///
/// A connection that the server ends is made again, and what was unanswered on it is repeated
/// (SPECIFICATION.md, 18.3).
final class LoadDriver {
  /// What a driver needs of a plan.
  struct Settings {
    var answerNanoseconds: UInt64
    var giveUpNanoseconds: UInt64
    /// Whether answers are kept for repeats.
    var keepsAnswers: Bool
    /// Whether the server may have forgotten answers that are asked for again.
    var allowsForgottenAnswers = false
  }

  private static let housekeepingNanoseconds: UInt64 = 100_000_000
  private static let slowClientNanoseconds: UInt64 = 5_000_000
  /// Nearer than this it is not worth to sleep.
  private static let spinNanoseconds: UInt64 = 20_000
  /// Steps of handshakes before due requests have their turn: one costs a millisecond.
  private static let handshakeStepsMax = 4
  private static let receiveByteCount = 32_768
  private static let timerToken = UInt64.max

  let settings: Settings
  let maker: FrameMaker
  let address: InternetAddress
  var book: CardBook
  var recorder: Recorder
  var violations = Violations()
  /// Answers that were held against the book.
  var checkedCount = 0
  var terminals: [LoadTerminal]
  let connections: [LoadConnection]
  let journal: Journal?
  let terminalPlaces: [TerminalID: Int]

  var poller: ReadinessPoller
  private let timer: TimerDescriptor
  /// What all connections read into, in turn.
  var received = FileBuffer(byteCount: receiveByteCount)
  var frame = FrameBuffer()
  /// Connections that may have room for a request.
  var ready = Queue<Int>()
  /// Connections with something to send that no traffic has to be asked for.
  var urgent = Queue<Int>()
  /// Connections with something to write.
  var dirty: [Int] = []
  /// Connections to be made, in turn.
  var toConnect = Queue<Int>()
  var handshakesInFlight = 0
  /// What is added to this machine's clock for the server's, which may be a set one.
  var clockOffsetMilliseconds: UInt64 = 0
  /// When the server was last heard of, and why connections have ended since.
  var heardNanoseconds: UInt64
  var endReason = "no connection"
  private var housekeepingNanoseconds: UInt64 = 0
  var random: RandomNumbers
  let hasSlowClients: Bool
  /// Called now and then, with the time; true ends the test early.
  var onProgress: (UInt64) -> Bool = { _ in false }
  private(set) var isInterrupted = false
  /// What runs; nil between two runs.
  var traffic: (any Traffic)?
  /// Why the test cannot go on.
  var failure: LoadError?

  init(
    _ target: LoadTarget, address: InternetAddress, _ settings: Settings, book: CardBook,
    connections: [LoadConnection], recorder: Recorder, journal: Journal?, seed: UInt64
  ) throws(LoadError) {
    self.settings = settings
    self.address = address
    maker = FrameMaker(environment: target.environment, software: target.software)
    self.book = book
    self.connections = connections
    self.recorder = recorder
    self.journal = journal
    terminals = target.terminals.enumerated().map { place, id in
      LoadTerminal(id: id, operatorID: target.operators[place % target.operators.count])
    }
    terminalPlaces = Dictionary(
      uniqueKeysWithValues: target.terminals.enumerated().map { ($1, $0) })
    random = RandomNumbers(seed: seed)
    hasSlowClients = connections.contains(where: \.isSlow)
    heardNanoseconds = MonotonicClock.nowNanoseconds
    poller = try reporting { () throws(SystemError) in
      try ReadinessPoller(eventCountMax: min(connections.count + 2, 4_096))
    }
    timer = try reporting { () throws(SystemError) in try TimerDescriptor() }
    // The wall clock's seconds: above what earlier runs have used, in all but the wildest of them.
    let first = UInt32(truncatingIfNeeded: WallClock.nowMilliseconds / 1_000)
    for place in terminals.indices { terminals[place].nextTraceNumber = first }
    for connection in connections { toConnect.append(connection.index) }
    try reporting { () throws(SystemError) in
      try poller.add(timer.rawValue, token: Self.timerToken, interest: .readable)
    }
  }

  /// The server's time, as its last sign-on told it.
  var serverTime: Instant {
    Instant(milliseconds: WallClock.nowMilliseconds &+ clockOffsetMilliseconds)
  }

  /// Whether no connection owes or is owed anything.
  private var isSettled: Bool {
    connections.allSatisfy { $0.inFlight.isEmpty && $0.unsettled.isEmpty }
  }

  // MARK: The loop

  /// Runs until the traffic is over and all is answered, or lost.
  func run(_ traffic: some Traffic) throws(LoadError) {
    heardNanoseconds = MonotonicClock.nowNanoseconds
    self.traffic = traffic
    defer { self.traffic = nil }
    for connection in connections { queue(connection) }
    var drainEnd: UInt64?
    while true {
      let now = MonotonicClock.nowNanoseconds
      if !isInterrupted { try traffic.advance(self, to: now) }
      try dispatch(traffic, at: now)
      try connectSome(at: now)
      try journal?.flush()
      try flushDirty(at: now)
      if now >= housekeepingNanoseconds {
        housekeepingNanoseconds = now + Self.housekeepingNanoseconds
        try keepHouse(at: now)
        if let failure { throw failure }
        isInterrupted = onProgress(now) || isInterrupted
      }
      if isInterrupted || traffic.isOver(at: now) {
        let end = drainEnd ?? now + settings.answerNanoseconds + Self.housekeepingNanoseconds
        drainEnd = end
        if isSettled || now >= end { break }
      }
      try wait(traffic, at: now)
    }
    abandonRest()
    try journal?.flush()
  }

  private func wait(_ traffic: some Traffic, at now: UInt64) throws(LoadError) {
    var next = housekeepingNanoseconds
    if let moment = traffic.nextMoment, !isInterrupted { next = min(next, moment) }
    if hasSlowClients { next = min(next, now + Self.slowClientNanoseconds) }
    if let moment = nextConnectNanoseconds { next = min(next, moment) }
    var timeoutMilliseconds: Int32 = 0
    if next > now + Self.spinNanoseconds {
      timer.set(nanoseconds: next)
      timeoutMilliseconds = 1_000
    }
    let count = poller.wait(timeoutMilliseconds: timeoutMilliseconds)
    var stepsLeft = Self.handshakeStepsMax
    for place in 0..<count {
      let event = poller.event(at: place)
      guard event.token != Self.timerToken else {
        timer.clear()
        continue
      }
      let connection = connections[Int(event.token)]
      if connection.state == .handshaking {
        // The poller reports it again.
        guard stepsLeft > 0 else { continue }
        stepsLeft -= 1
      }
      try serve(connection)
    }
  }

  private func serve(_ connection: LoadConnection) throws(LoadError) {
    let now = MonotonicClock.nowNanoseconds
    switch connection.state {
    case .waiting: return
    case .connecting, .handshaking: try advance(connection, at: now)
    case .open: try receive(connection)
    }
    if connection.state == .open, connection.hasUnsent { markDirty(connection) }
    queue(connection)
  }
}
