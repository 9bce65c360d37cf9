import LinuxSystem
import TerminalClient
import TransactionModel
import WireFormat

/// A clinic's terminals, one for each connection: inquiries, activations of fresh cards, or updates
/// of cards that activations of this program's have made.
///
/// Activations certify on the day that they are made ready, so a run across midnight in California
/// fails.
struct TerminalWorkload: Workload {
  enum Kind {
    case inquiry
    case activation
    /// Updates of active cards in turn: each expects the version that the one before has made.
    case update
    /// Activations of clients who are not eligible: they leave a record that a pharmacy may not see.
    case ineligible
    /// Inquiries of a pharmacy about cards that it is told nothing of.
    case hidden
  }

  let requestByteCount: Int
  let replyByteCountMax = HeaderLayout.frameByteCountMax
  private let terminals: [TerminalProfile]
  private let template: RequestBody
  private let expectedCode: ResponseCode
  private var cards: CardSequence
  /// For each connection, of the next request and of the next reply.
  private var nextTraceNumbers: [UInt32]
  private var expectedTraceNumbers: [UInt32]
  /// What is added to this machine's clock for the server's, which may be a set one.
  private var clockOffsetMilliseconds: UInt64 = 0
  /// Where the client's and the mother's name stand, which few clients share; none where none is
  /// sent.
  private let nameOffsets: [Int]
  /// Where the version stands that is expected, if one is.
  private let versionOffset: Int?

  private let traceNumberOffset = HeaderLayout.traceNumber.offset
  private let timeOffset = HeaderLayout.transactionTime.offset
  /// The same in all messages with a card.
  private let cardOffset = InquiryRequestLayout.card.offset

  init(_ kind: Kind, terminals: [TerminalProfile], day: CalendarDate, cards: CardSequence) {
    switch kind {
    case .inquiry, .hidden:
      template = .inquiry(card: .blank, dateOfService: day, purpose: .information)
      requestByteCount = InquiryRequestLayout.byteCount
      expectedCode = kind == .hidden ? .noInformation : .eligible
      (nameOffsets, versionOffset) = ([], nil)
    case .update:
      var change = ClientForm()
      change.set(.monthlyIncome, to: 1_700)
      template = .update(card: .blank, expectedVersion: 1, client: change)
      requestByteCount = UpdateRequestLayout.byteCount
      expectedCode = .updated
      (nameOffsets, versionOffset) = ([], UpdateRequestLayout.expectedVersion.offset)
    case .activation, .ineligible:
      var client = SampleClient.form
      if kind == .ineligible { client.set(.monthlyIncome, to: 99_000) }
      template = .activate(
        Certification(card: .blank, certificationDate: day, client: client))
      requestByteCount = CertifyRequestLayout.byteCount
      expectedCode = kind == .ineligible ? .ineligibleIncome : .activated
      nameOffsets = [ClientField.lastName, .mothersFirstName].map {
        CertifyRequestLayout.clientOffset + $0.layout.offset
      }
      versionOffset = nil
    }
    self.terminals = terminals
    self.cards = cards
    nextTraceNumbers = Array(repeating: 1, count: terminals.count)
    expectedTraceNumbers = nextTraceNumbers
  }

  /// Signs on, and learns the server's time and the newest trace number that it knows.
  mutating func open(_ connection: LoadConnection, at index: Int) throws(BenchmarkError) {
    guard let secret = Secret("example-\(terminals[index].operatorID.rawValue)") else {
      preconditionFailure("an operator with a long number")
    }
    let signOn = RequestBody.signOn(
      secret: secret, newSecret: .none, softwareVersion: "benchmark",
      highestVersion: HeaderLayout.protocolVersion)
    var frame = FrameBuffer()
    let isEncoded = frame.encode(header(terminals[index], traceNumber: 1), signOn)
    precondition(isEncoded, "a sign-on that does not fit")
    let reply = try connection.exchange(frame)
    guard case .signOn(let answer) = reply.message else {
      throw .answerWrong("a sign-on got code \(reply.header.code.rawValue)")
    }
    clockOffsetMilliseconds = answer.serverTime.milliseconds &- WallClock.nowMilliseconds
    nextTraceNumbers[index] = answer.newestTraceNumber + 1
    expectedTraceNumbers[index] = nextTraceNumbers[index]
  }

  var usedCardCount: UInt64 { cards.usedCount }

  func template(forConnection index: Int) -> [UInt8] {
    var frame = FrameBuffer()
    let isEncoded = frame.encode(header(terminals[index], traceNumber: 1), template)
    precondition(isEncoded, "a request that does not fit")
    return (0..<frame.byteCount).map { frame.byte(at: $0) }
  }

  mutating func fill(
    _ buffer: inout FileBuffer, at offset: Int, connection index: Int
  ) -> Bool {
    guard let card = cards.next() else { return false }
    buffer.store(bigEndian: nextTraceNumbers[index], at: offset + traceNumberOffset)
    buffer.store(
      bigEndian: WallClock.nowMilliseconds &+ clockOffsetMilliseconds, at: offset + timeOffset)
    buffer.store(card, at: offset + cardOffset)
    for name in nameOffsets { buffer.store(SampleClient.name(on: card), at: offset + name) }
    if let versionOffset {
      buffer.store(
        bigEndian: UInt32(truncatingIfNeeded: cards.roundCount + 1), at: offset + versionOffset)
    }
    nextTraceNumbers[index] += 1
    return true
  }

  /// Takes replies in the order of their requests, which is the order for requests of one kind.
  mutating func check(
    _ received: RawSpan, connection index: Int
  ) throws(BenchmarkError) -> Int? {
    let byteCount: Int
    let code: ResponseCode
    let traceNumber: UInt32
    do throws(FramingError) {
      guard let frame = try FrameView(prefixOf: received, .reply) else { return nil }
      byteCount = frame.byteCount
      code = frame.responseCode
      traceNumber = frame.traceNumber.rawValue
    } catch {
      throw .answerWrong("\(error)")
    }
    guard code == expectedCode else {
      throw .answerWrong("code \(code.rawValue) instead of \(expectedCode.rawValue)")
    }
    guard traceNumber == expectedTraceNumbers[index] else {
      throw .answerWrong("trace number \(traceNumber) out of turn")
    }
    expectedTraceNumbers[index] += 1
    return byteCount
  }

  private func header(_ terminal: TerminalProfile, traceNumber: UInt32) -> RequestHeader {
    RequestHeader(
      environment: terminal.environment, flags: [],
      traceNumber: SystemTraceAuditNumber(rawValue: traceNumber), software: terminal.software,
      terminal: terminal.terminal,
      transactionTime: Instant(
        milliseconds: WallClock.nowMilliseconds &+ clockOffsetMilliseconds),
      operatorID: terminal.operatorID)
  }
}
