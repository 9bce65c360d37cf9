import ProgramSupport

/// A terminal that somebody might write who has nothing but the Protocol folder.
///
/// Every reply is checked by the clauses that say what a reply may be, before a test sees it.
final class Terminal {
  /// A request as it was sent.
  struct Request {
    var message: String
    var frame: [UInt8]

    /// The same, with flags turned on.
    func adding(_ flags: UInt8) -> Request {
      var request = self
      request.frame[5] |= flags
      return request
    }
  }

  struct Answer {
    let code: UInt64
    let isRefusal: Bool
    let frame: [UInt8]
    let values: [String: Value]

    subscript(name: String) -> Value? { values[name] }
  }

  let messages: Messages
  private let codes: CodeTexts
  private let connection: WireConnection
  private let terminal: UInt64
  private let operatorID: UInt64
  private(set) var traceNumber: UInt64 = 0

  init(_ daemon: Daemon, _ installation: TestInstallation) throws {
    (terminal, operatorID) = (1_001, 501)
    messages = try Messages()
    codes = try CodeTexts()
    connection = try WireConnection(
      port: daemon.port, installation.context(terminal: terminal))
  }

  /// Signs the terminal's operator on, with the secret of the specification's example.
  func signOn() throws -> Answer {
    try ask(
      "sign_on",
      [
        "operator_secret": .bytes(Array("example-\(operatorID)".utf8)),
        "software_version": "FROM CSV 1", "highest_version": 1,
      ])
  }

  /// Makes a request with the next trace number, timed so far from when the clock was set.
  func request(
    _ message: String, _ values: [String: Value] = [:], flags: UInt64 = 0,
    secondsFromStart: Int64 = 0
  ) throws -> Request {
    traceNumber += 1
    let start = Int64(TestInstallation.clockStartMilliseconds)
    let header: [String: Value] = [
      "environment": 2, "system_trace_audit_number": .number(traceNumber), "software_id": 1,
      "terminal_id": .number(terminal), "operator_id": .number(operatorID),
      "transaction_time": .number(UInt64(start + secondsFromStart * 1_000)),
    ]
    return Request(
      message: message,
      frame: try messages.request(message, header.merging(values) { $1 }, flags: flags))
  }

  /// Makes a request and gives its answer.
  func ask(
    _ message: String, _ values: [String: Value] = [:], flags: UInt64 = 0,
    secondsFromStart: Int64 = 0
  ) throws -> Answer {
    try send(request(message, values, flags: flags, secondsFromStart: secondsFromStart))
  }

  func send(_ request: Request) throws -> Answer {
    let frame = try connection.exchange(request.frame)
    guard frame.count >= Messages.headerLength else { throw ConformanceFailure("too short") }
    let code = UInt64(frame[6]) << 8 | UInt64(frame[7])
    let isRefusal = (1_000...2_999).contains(code) || (4_000...4_999).contains(code)
    let body = isRefusal ? "refusal" : "\(request.message)_reply"
    let length = isRefusal ? Messages.refusalLength : Messages.types[request.message]?.reply
    guard frame.count == length else { throw ConformanceFailure("\(body) of \(frame.count) bytes") }
    try checkHeader(frame, request)
    try checkFields(frame, body)
    let values = messages.read(frame, as: body)
    if !isRefusal { try checkDisplay(values, code, request) }
    return Answer(code: code, isRefusal: isRefusal, frame: frame, values: values)
  }

  /// Clause 4.6: a reply repeats its request's header, but for what is named there.
  private func checkHeader(_ frame: [UInt8], _ request: Request) throws {
    for row in messages.fields(of: "") {
      var expected = Messages.number(request.frame, row)
      let found = Messages.number(frame, row)
      switch row.name {
      case "frame_length", "response_code", "log_position": continue
      case "message_type": expected |= 0x80
      case "flags":
        guard found & ~0x49 == expected & ~0x49 else { throw fault(row, "differs") }
        continue
      default: break
      }
      guard found == expected else { throw fault(row, "differs") }
    }
  }

  /// Clause 6.4: a reply keeps the rules of the format.
  private func checkFields(_ frame: [UInt8], _ body: String) throws {
    let rows = messages.fields(of: body)
    let map = rows.first { $0.name == "presence_map" }.map { Messages.number(frame, $0) } ?? 0
    for row in rows where row.number >= 20 {
      if let bit = row.presenceBit, map >> UInt64(bit) & 1 == 0 {
        guard frame[row.range].allSatisfy({ $0 == 0 }) else { throw fault(row, "is not zero") }
      } else if let fault = ValueRules.fault(frame, row) {
        throw self.fault(row, fault)
      }
    }
  }

  /// Clause 13.3: the display lines are those of codes.csv.
  private func checkDisplay(_ values: [String: Value], _ code: UInt64, _ request: Request) throws {
    let isSpanish = request.frame[5] & 0x20 != 0
    let lines = codes.lines(code, isSpanish: isSpanish, lastDay: values["period_last_day"])
    guard values["display_line_1"] == .text(lines.first),
      values["display_line_2"] == .text(lines.second)
    else { throw ConformanceFailure("\(code) shows other lines than \(lines)") }
  }

  private func fault(_ row: FieldRow, _ text: String) -> ConformanceFailure {
    ConformanceFailure("\(row.message), \(row.name): \(text)")
  }
}

/// The display lines of codes.csv (clauses 1.11 and 13.3).
struct CodeTexts {
  private let rows: [[String: String]]

  init() throws { rows = try Table("codes.csv").rows }

  func lines(
    _ code: UInt64, isSpanish: Bool, lastDay: Value?
  ) -> (first: String, second: String) {
    let row = rows.first { $0["code"] == "\(code)" } ?? rows.first { isInRange(code, $0["code"]) }
    let language = isSpanish ? "spanish" : "english"
    let second = row?["display_line_2_\(language)"] ?? ""
    guard second.contains("YYYY-MM-DD") else {
      return (row?["display_line_1_\(language)"] ?? "", second)
    }
    guard case .number(let day)? = lastDay, day != 0 else {
      return (row?["display_line_1_\(language)"] ?? "", "")
    }
    let parts = [(day / 10_000, 4), (day / 100 % 100, 2), (day % 100, 2)].map { part in
      let digits = String(part.0)
      return String(repeating: "0", count: part.1 - digits.count) + digits
    }
    return (
      row?["display_line_1_\(language)"] ?? "",
      second.replacing("YYYY-MM-DD", with: parts.joined(separator: "-"))
    )
  }

  private func isInRange(_ code: UInt64, _ range: String?) -> Bool {
    let bounds = range?.split(separator: "-").compactMap { UInt64($0) } ?? []
    return bounds.count == 2 && (bounds[0]...bounds[1]).contains(code)
  }
}
