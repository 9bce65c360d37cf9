import TransactionModel
import WireFormat

/// Makes the frames of exchanges: the same exchange gives the same frame but for the repeat flag.
struct FrameMaker {
  let environment: Environment
  let software: SoftwareID

  func encode(
    _ exchange: Exchange, _ terminal: LoadTerminal, _ book: borrowing CardBook,
    into frame: inout FrameBuffer
  ) {
    let header = RequestHeader(
      environment: environment, flags: flags(of: exchange),
      traceNumber: SystemTraceAuditNumber(rawValue: exchange.traceNumber), software: software,
      terminal: terminal.id, transactionTime: exchange.time, operatorID: terminal.operatorID)
    let isEncoded = frame.encode(header, body(of: exchange, terminal, book))
    precondition(isEncoded, "a request that does not fit")
    exchange.malformation?.apply(to: &frame)
  }

  /// Why a change is undone (fields.csv, `reversal_reason`).
  private static let clerkCancelled: UInt8 = 1

  func flags(of exchange: Exchange) -> FrameFlags {
    exchange.isRepeat ? exchange.frameKind.flags.union(.repeat) : exchange.frameKind.flags
  }

  private func body(
    of exchange: Exchange, _ terminal: LoadTerminal, _ book: borrowing CardBook
  ) -> RequestBody {
    let card = exchange.card >= 0 ? book.number(of: exchange.card) : .blank
    let serial = exchange.card >= 0 ? book.serial(of: exchange.card) : 0
    func inquiry(_ purpose: InquiryPurpose) -> RequestBody {
      .inquiry(card: card, dateOfService: exchange.day, purpose: purpose)
    }
    switch exchange.frameKind {
    case .echo, .connect: return .echo
    case .signOn:
      return .signOn(
        secret: terminal.secret, newSecret: .none, softwareVersion: "posload",
        highestVersion: HeaderLayout.protocolVersion)
    case .signOff: return .signOff
    case .inquiry, .batch, .malformed, .repeat: return inquiry(.information)
    case .reverse:
      guard let original = exchange.original else { preconditionFailure("nothing to undo") }
      return .reverse(
        traceNumber: SystemTraceAuditNumber(rawValue: original.traceNumber),
        type: original.kind.messageType, reason: Self.clerkCancelled, time: original.time)
    case .last: return .last(traceNumber: exchange.original?.traceNumber ?? 0)
    case .verify: return inquiry(.verify)
    case .reaffirm: return inquiry(.reaffirm)
    case .activate:
      return .activate(
        Certification(
          card: card, certificationDate: exchange.day,
          client: TestClient.form(serial: serial, version: 1)))
    case .recertify:
      return .recertify(
        Certification(
          card: card, certificationDate: exchange.day,
          client: TestClient.form(serial: serial, version: exchange.before.version + 1)))
    case .update, .training:
      return .update(
        card: card, expectedVersion: exchange.before.version,
        client: TestClient.change(serial: serial, version: exchange.answeredVersion))
    case .deactivate:
      return .deactivate(
        card: card, reason: CardBook.deactivationReason, subReason: .none,
        effectiveDate: exchange.day.adding(days: 1))
    }
  }
}

/// A terminal of a load test: who it is, which numbers it has used, who is signed on.
struct LoadTerminal {
  let id: TerminalID
  let operatorID: OperatorID
  /// The number of its next request.
  var nextTraceNumber: UInt32 = 1
  /// Until when the operator counts as signed on; 0 before the first sign-on.
  var signedOnUntilNanoseconds: UInt64 = 0
  var isSigningOn = false

  init(id: TerminalID, operatorID: OperatorID) {
    self.id = id
    self.operatorID = operatorID
  }

  /// What a test installation gives operator N: the text `example-N`, padded with zero bytes.
  var secret: Secret {
    var secret = Secret.none
    for (index, byte) in "example-\(operatorID.rawValue)".utf8.prefix(16).enumerated() {
      secret.bytes[index] = byte
    }
    return secret
  }

  mutating func takeTraceNumber() -> UInt32 {
    defer { nextTraceNumber = nextTraceNumber == .max ? 1 : nextTraceNumber + 1 }
    return nextTraceNumber
  }

  /// Stays well clear of the numbers that the server knows (SPECIFICATION.md, 4.8).
  mutating func raise(above newest: UInt32) {
    guard newest >= nextTraceNumber || nextTraceNumber - newest < Self.margin else { return }
    let (raised, isOver) = newest.addingReportingOverflow(Self.margin)
    nextTraceNumber = isOver ? 1 : raised
  }

  private static let margin: UInt32 = 1_000
}
