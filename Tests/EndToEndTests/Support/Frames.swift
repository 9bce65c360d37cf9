import ProgramSupport
import TransactionModel
import WireFormat

/// Makes a terminal's requests: each with the next trace number, and a millisecond after the last.
struct Requests {
  let terminal: UInt64
  let operatorID: UInt64
  private(set) var traceNumber: UInt32 = 0

  init(terminal: UInt64 = 1_001, operatorID: UInt64 = 501, after traceNumber: UInt32 = 0) {
    self.terminal = terminal
    self.operatorID = operatorID
    self.traceNumber = traceNumber
  }

  mutating func next(_ body: RequestBody, flags: FrameFlags = []) -> [UInt8] {
    traceNumber += 1
    var buffer = FrameBuffer()
    let isEncoded = buffer.encode(
      RequestHeader(
        environment: .test, flags: flags,
        traceNumber: SystemTraceAuditNumber(rawValue: traceNumber),
        software: SoftwareID(rawValue: 1), terminal: TerminalID(rawValue: terminal),
        transactionTime: Instant(
          milliseconds: TestInstallation.clockStartMilliseconds + UInt64(traceNumber % 100_000)),
        operatorID: OperatorID(rawValue: operatorID)),
      body)
    precondition(isEncoded, "a text that does not fit its field")
    return (0..<buffer.byteCount).map { buffer.byte(at: $0) }
  }
}

/// The California day on which the tests' clocks start.
let today = CalendarDate(trusted: 2026_11_02)

/// The number of a card by its serial number; the test roster has them from 1000000000001.
func card(_ serial: UInt64) -> CardNumber { CardScheme.healthAccessNumber(serial: serial) }

/// A form that makes an eligible client, unless a field of it is left out.
func eligibleForm(without absent: ClientField? = nil) -> ClientForm {
  var form = ClientForm()
  precondition(form.set(.lastName, to: "Okafor"), "a name that does not fit")
  let numbers: [(ClientField, UInt32)] = [
    (.birthDate, 1998_05_17), (.zipCode, 958_140_000), (.monthlyIncome, 1_800), (.familySize, 2),
    (.county, 34), (.sex, 1), (.mediCal, 1), (.otherCoverage, 1), (.confidentiality, 2),
    (.residence, 1), (.institution, 2), (.need, 1),
  ]
  for (field, number) in numbers { form.set(field, to: number) }
  if let absent { form.remove(absent) }
  return form
}

/// The body of an activation on the day of the test.
func activation(_ card: CardNumber, _ form: ClientForm = eligibleForm()) -> RequestBody {
  .activate(Certification(card: card, certificationDate: today, client: form))
}

/// Reads a reply, and applies the rules of the format to it.
func decode(_ bytes: [UInt8]) throws -> Reply {
  unsafe try Reply(FrameView(whole: bytes.span.bytes))
}

/// The flag byte of a frame.
func flags(of frame: [UInt8]) -> FrameFlags {
  FrameFlags(rawValue: frame[HeaderLayout.flags.offset])
}

/// A frame with flags turned on.
func adding(_ flags: FrameFlags, to frame: [UInt8]) -> [UInt8] {
  var frame = frame
  frame[HeaderLayout.flags.offset] |= flags.rawValue
  return frame
}

/// A field of a request by its name in fields.csv.
func field(_ name: String, of type: MessageType) throws -> Field {
  let fields = HeaderLayout.fields + MessageLayout.request(type).fields
  guard let field = fields.first(where: { "\($0.name)" == name }) else {
    throw BrokenPromise("\(type) has no field \(name)")
  }
  return field
}

extension WireConnection {
  /// Signs an operator of the test roster on, with a trace number that no test uses.
  func signOn(terminal: UInt64 = 1_001, operatorID: UInt64 = 501) throws {
    guard let secret = Secret("example-\(operatorID)") else {
      throw BrokenPromise("an operator with a long number")
    }
    var requests = Requests(terminal: terminal, operatorID: operatorID, after: 4_100_000_000)
    let reply = try exchange(
      requests.next(
        .signOn(
          secret: secret, newSecret: .none, softwareVersion: "tests", highestVersion: 1)))
    let code = try decode(reply).header.code
    guard code.responseClass == .approved else {
      throw BrokenPromise("a sign-on got code \(code.rawValue)")
    }
  }

  /// Whether an echo gets its answer.
  ///
  /// Its trace number is one that no test uses.
  /// A slow run drifts away from the set clock: an echo that says so is served too.
  func isServed(terminal: UInt64 = 1_001) throws -> Bool {
    var requests = Requests(terminal: terminal, after: 4_000_000_000)
    return try decode(exchange(requests.next(.echo))).header.code.responseClass == .approved
  }
}
