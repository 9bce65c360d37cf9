import TransactionModel
import WireFormat

/// Requests of a clinic's terminals, which take turns: batches of whole frames.
struct EngineTraffic {
  /// When it begins: on a day within the newest published table, at 10:00 in California.
  static let start = Instant(milliseconds: 1_793_642_400_000)
  static let day = CalendarDate(trusted: 2026_11_02)
  static let operatorID = OperatorID(rawValue: 501)
  static let firstTerminal: UInt64 = 1_001
  static let firstSerial: UInt64 = 1_000_000_000_001

  /// Cards that have records: the first so many.
  private(set) var activatedCount: UInt64 = 0
  private let cardCount: UInt64
  private let terminalCount: UInt64
  private var numbers: RandomNumbers
  private var requestCount: UInt64 = 0
  /// For each card what the next update of it has to expect.
  private var versions: [UInt64: UInt32] = [:]

  init(cardCount: UInt64, terminalCount: UInt64, seed: UInt64) {
    self.cardCount = cardCount
    self.terminalCount = terminalCount
    numbers = RandomNumbers(seed: seed)
  }

  mutating func inquiries(_ count: Int) -> [UInt8] {
    frames(count) { traffic in
      .inquiry(
        card: Self.card(traffic.numbers.next(below: traffic.cardCount)), dateOfService: Self.day,
        purpose: .information)
    }
  }

  mutating func activations(_ count: Int) -> [UInt8] {
    frames(count) { traffic in
      let card = Self.card(traffic.activatedCount)
      traffic.activatedCount += 1
      let client = SampleClient.form(on: card, number: traffic.activatedCount)
      return .activate(Certification(card: card, certificationDate: Self.day, client: client))
    }
  }

  mutating func updates(_ count: Int) -> [UInt8] {
    frames(count) { traffic in
      let place = traffic.numbers.next(below: traffic.cardCount)
      let version = traffic.versions[place] ?? 1
      traffic.versions[place] = version + 1
      var change = ClientForm()
      change.set(.monthlyIncome, to: 1_000 + version)
      return .update(card: Self.card(place), expectedVersion: version, client: change)
    }
  }

  /// The sign-on of the operator at every terminal.
  mutating func signOns(_ secret: Secret) -> [UInt8] {
    frames(Int(terminalCount)) { _ in
      .signOn(
        secret: secret, newSecret: .none, softwareVersion: "benchmark",
        highestVersion: HeaderLayout.protocolVersion)
    }
  }

  /// The time of all clocks: a millisecond goes by with each request.
  var time: Instant { Instant(milliseconds: Self.start.milliseconds + requestCount) }

  private mutating func frames(
    _ count: Int, _ body: (inout EngineTraffic) -> RequestBody
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    var frame = FrameBuffer()
    for _ in 0..<count {
      let header = RequestHeader(
        environment: .test, flags: [],
        traceNumber: SystemTraceAuditNumber(
          rawValue: UInt32(truncatingIfNeeded: requestCount / terminalCount + 1)),
        software: SoftwareID(rawValue: 1),
        terminal: TerminalID(rawValue: Self.firstTerminal + requestCount % terminalCount),
        transactionTime: time, operatorID: Self.operatorID)
      requestCount += 1
      let isEncoded = frame.encode(header, body(&self))
      precondition(isEncoded, "a request that does not fit")
      for offset in 0..<frame.byteCount { bytes.append(frame.byte(at: offset)) }
    }
    return bytes
  }

  private static func card(_ place: UInt64) -> CardNumber {
    CardScheme.healthAccessNumber(serial: firstSerial + place)
  }
}
