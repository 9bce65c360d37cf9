import ProgramSupport
import TransactionModel
import WireFormat

/// What a terminal has been told of its cards, and what it has asked and not been told.
struct ChangeLedger {
  /// A card as its acknowledged changes have made it.
  struct Card {
    var version: UInt32 = 0
    var zipCode: UInt32 = 0
    var periodFirst = CalendarDate.none
    var periodLast = CalendarDate.none
  }

  /// A change that has been sent, and what it makes of its card.
  struct Change {
    var serial: UInt64
    var frame: [UInt8]
    var zipCode: UInt32
  }

  private(set) var cards: [UInt64: Card] = [:]
  /// The cards changed since the last check.
  var recentSerials: [UInt64] = []
  /// By trace number.
  private(set) var unanswered: [UInt32: Change] = [:]
  private(set) var changeCount = 0
  private var requests: Requests
  private var nextSerial: UInt64
  private var nextZipCode: UInt32 = 900_000_000
  private var lastAcknowledged: (frame: [UInt8], reply: [UInt8])?
  private let terminal: UInt64
  private var isSignedOn = false

  init(terminal: UInt64, firstSerial: UInt64) {
    self.terminal = terminal
    requests = Requests(terminal: terminal)
    nextSerial = firstSerial
  }

  /// Signs the operator on before the first change: no kill may end the session.
  mutating func signOnOnce(_ connection: WireConnection) throws {
    guard !isSignedOn else { return }
    try connection.signOn(terminal: terminal)
    isSignedOn = true
  }

  /// How many updates of a card have been acknowledged: each makes a version, after the first.
  func updateCount(of serial: UInt64) -> Int { Int(cards[serial]?.version ?? 0) - 1 }

  mutating func activateNextCard() -> [UInt8] {
    let serial = nextSerial
    nextSerial += 1
    cards[serial] = Card()
    recentSerials.append(serial)
    var form = eligibleForm()
    form.set(.zipCode, to: takeZipCode())
    return record(serial, activation(card(serial), form))
  }

  mutating func update(_ serial: UInt64) -> [UInt8] {
    var form = ClientForm()
    form.set(.zipCode, to: takeZipCode())
    let version = cards[serial]?.version ?? 0
    return record(
      serial, .update(card: card(serial), expectedVersion: version, client: form))
  }

  private mutating func takeZipCode() -> UInt32 {
    nextZipCode += 1
    return nextZipCode
  }

  private mutating func record(_ serial: UInt64, _ body: RequestBody) -> [UInt8] {
    let frame = requests.next(body)
    unanswered[requests.traceNumber] = Change(
      serial: serial, frame: frame, zipCode: nextZipCode)
    return frame
  }

  /// Takes the reply to a change; gives the serial number of its card.
  mutating func acknowledge(_ bytes: [UInt8]) throws -> UInt64 {
    let reply = try decode(bytes)
    guard let change = unanswered.removeValue(forKey: reply.header.traceNumber.rawValue) else {
      throw BrokenPromise("a reply to what was not asked: \(reply)")
    }
    try apply(change, reply)
    lastAcknowledged = (change.frame, bytes)
    return change.serial
  }

  /// Checks that a reply says the change was made, once, and keeps what it says.
  private mutating func apply(_ change: Change, _ reply: Reply) throws {
    let outcome: Outcome
    switch (reply.header.code, reply.message) {
    case (.activated, .activate(let certified)): outcome = certified.outcome
    case (.updated, .update(let updated)): outcome = updated.outcome
    default: throw BrokenPromise("a change was not made: \(reply)")
    }
    let version = (cards[change.serial]?.version ?? 0) + 1
    guard outcome.recordVersion == version else {
      throw BrokenPromise("version \(outcome.recordVersion) after a change, not \(version)")
    }
    changeCount += 1
    cards[change.serial] = Card(
      version: version, zipCode: change.zipCode, periodFirst: outcome.periodFirst,
      periodLast: outcome.periodLast)
  }
}

extension ChangeLedger {
  /// Inquires cards, and compares them with what was acknowledged; a card with an unanswered
  /// change may have it or not.
  mutating func checkRecords(of serials: [UInt64], _ connection: WireConnection) throws {
    let inFlightMax = 32
    var open = Dictionary(
      uniqueKeysWithValues: unanswered.values.map { ($0.serial, $0.zipCode) })
    for start in stride(from: 0, to: serials.count, by: inFlightMax) {
      let part = serials[start..<min(start + inFlightMax, serials.count)]
      var asked: [UInt32: UInt64] = [:]
      for serial in part {
        try connection.send(
          requests.next(
            .inquiry(card: card(serial), dateOfService: today, purpose: .information)))
        asked[requests.traceNumber] = serial
      }
      for _ in part {
        let reply = try decode(connection.receiveFrame())
        guard let serial = asked.removeValue(forKey: reply.header.traceNumber.rawValue),
          case .inquiry(let inquiry) = reply.message, let known = cards[serial]
        else { throw BrokenPromise("no answer to an inquiry: \(reply)") }
        try compare(inquiry, reply.header.code, known, open: open.removeValue(forKey: serial))
      }
    }
  }

  private func compare(
    _ found: InquiryReply, _ code: ResponseCode, _ known: Card, open zipCode: UInt32?
  ) throws {
    let outcome = found.outcome
    if let zipCode, outcome.recordVersion == known.version + 1 {
      guard found.client?.number(.zipCode) == zipCode else {
        throw BrokenPromise("an unanswered change was carried out in part")
      }
      return
    }
    if zipCode != nil, known.version == 0, code == .neverActivated { return }
    guard code == .eligible, outcome.recordVersion == known.version,
      outcome.periodFirst == known.periodFirst, outcome.periodLast == known.periodLast,
      found.client?.number(.zipCode) == known.zipCode
    else {
      throw BrokenPromise(
        "acknowledged version \(known.version), found code \(code.rawValue), "
          + "version \(outcome.recordVersion)")
    }
  }

  /// Repeats the change that was acknowledged last: the answer is the stored one.
  func checkLastAcknowledged(_ connection: WireConnection) throws {
    // The first kill may come before a terminal's first answer; how many there were is counted.
    guard let lastAcknowledged else { return }
    let again = try connection.exchange(adding(.repeat, to: lastAcknowledged.frame))
    guard again == adding(.storedReply, to: lastAcknowledged.reply) else {
      throw BrokenPromise("another answer to a repeat: \(again)")
    }
  }

  /// Repeats what was not answered until it is, and once more: each is carried out exactly once.
  ///
  /// Gives how many had been carried out before.
  mutating func settleUnanswered(_ connection: WireConnection) throws -> Int {
    var foundCount = 0
    for traceNumber in unanswered.keys.sorted() {
      guard let change = unanswered[traceNumber] else { continue }
      let frame = adding(.repeat, to: change.frame)
      let first = try connection.exchange(frame)
      let wasStored = flags(of: first).contains(.storedReply)
      foundCount += wasStored ? 1 : 0
      let second = try connection.exchange(frame)
      guard second == adding(.storedReply, to: first) else {
        throw BrokenPromise("another answer to a second repeat: \(second)")
      }
      _ = try acknowledge(first)
    }
    return foundCount
  }
}
