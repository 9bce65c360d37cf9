public import TransactionModel
public import WireFormat

/// The clinic that a receipt is from.
public struct ReceiptSite: Hashable, Sendable {
  public var id: SiteID
  public var name: String

  public init(id: SiteID, name: String) {
    self.id = id
    self.name = name
  }
}

/// What a terminal prints for the client: pure text, 40 columns, made of request and reply.
///
/// The language is the request's. The card shows its last four characters only, unless asked. The
/// program is named only where the client is known not to want confidentiality: whoever finds the
/// paper of any other client must not learn from it what the visit was for.
public struct Receipt: Sendable {
  public static let columnCount = ReceiptPaper.columnCount
  static let programName = "HEALTH ACCESS PROGRAMS"

  public let text: String

  public init(
    _ request: TerminalRequest, _ reply: Reply, site: ReceiptSite? = nil, revealsCard: Bool = false
  ) {
    let isSpanish = request.header.flags.contains(.spanish)
    let phrases = ReceiptPhrases.phrases(spanish: isSpanish)
    var paper = ReceiptPaper()
    Self.addHead(request, reply, site, phrases, to: &paper)
    if let card = request.body.card {
      paper.add(phrases.card, revealsCard ? card.revealed : card.description)
    }
    if case .inquiry(_, let date, _) = request.body {
      paper.add(phrases.dateOfService, date.description)
    }
    Self.addVerdict(reply, phrases, isSpanish, to: &paper)
    let namesProgram = Self.mayNameProgram(request, reply)
    paper.add(reply.message, phrases, namesProgram: namesProgram, isSpanish: isSpanish)
    paper.addRule()
    text = paper.text
  }

  private static func addHead(
    _ request: TerminalRequest, _ reply: Reply, _ site: ReceiptSite?, _ phrases: ReceiptPhrases,
    to paper: inout ReceiptPaper
  ) {
    let header = request.header
    paper.addRule()
    if mayNameProgram(request, reply) { paper.addCentred(programName) }
    if let site {
      paper.addCentred(site.name)
      paper.add(
        "\(phrases.site) \(site.id.rawValue)", "\(phrases.terminal) \(header.terminal.rawValue)")
    } else {
      paper.add(phrases.terminal, "\(header.terminal.rawValue)")
    }
    paper.add(
      "\(phrases.operatorID) \(header.operatorID.rawValue)",
      "\(phrases.traceNumber) \(header.traceNumber.rawValue)")
    paper.add(localTime(of: header.transactionTime))
    paper.addRule()
    if header.flags.contains(.training) { paper.addCentred(phrases.training) }
    paper.addCentred(phrases.titles[request.body.messageType] ?? "")
  }

  private static func addVerdict(
    _ reply: Reply, _ phrases: ReceiptPhrases, _ isSpanish: Bool, to paper: inout ReceiptPaper
  ) {
    let code = reply.header.code
    paper.addBlank()
    paper.add("\(phrases.verdicts[Verdict(code)] ?? "")  \(code.rawValue)")
    paper.add(CodeTable.entry(for: code).text(spanish: isSpanish))
    if reply.header.flags.contains(.storedReply) { paper.add(phrases.storedReply) }
    paper.addBlank()
  }

  /// Whether the client is known, from request or reply, to have no wish for confidentiality.
  private static func mayNameProgram(_ request: TerminalRequest, _ reply: Reply) -> Bool {
    var form = request.body.form
    if case .inquiry(let inquiry) = reply.message { form = inquiry.client }
    return form?.number(.confidentiality) == confidentialityNotWanted
  }

  private static let confidentialityNotWanted: UInt32 = 2
}

extension Receipt {
  /// Date and time of day in California, such as `2026-11-21 14:05:09 PST`.
  static func localTime(of instant: Instant) -> String {
    func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let second = PacificTime.millisecondOfDay(at: instant) / 1_000
    let isStandard = PacificTime.offsetMilliseconds(at: instant) == -8 * 3_600_000
    let (hours, minutes) = (padded(second / 3_600), padded(second / 60 % 60))
    return "\(PacificTime.date(at: instant)) \(hours):\(minutes):\(padded(second % 60)) "
      + (isStandard ? "PST" : "PDT")
  }
}

extension RequestBody {
  /// The card that a request is about.
  public var card: CardNumber? {
    switch self {
    case .inquiry(let card, _, _), .update(let card, _, _), .deactivate(let card, _, _, _): card
    case .activate(let certification), .recertify(let certification): certification.card
    case .signOn, .signOff, .echo, .reverse, .last: nil
    }
  }

  /// The data of the client that a request carries.
  var form: ClientForm? {
    switch self {
    case .activate(let certification), .recertify(let certification): certification.client
    case .update(_, _, let client): client
    case .signOn, .signOff, .echo, .inquiry, .deactivate, .reverse, .last: nil
    }
  }
}
