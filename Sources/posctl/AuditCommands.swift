import Administration
import ArgumentParser
import AuditTrail
import Installation
import LinuxSystem
import TransactionModel
import WriteAheadLog

/// `posctl audit`: who looked at a client, and who tried to.
struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show who did, or tried to do, what: from the audit log and the state log.",
    discussion: """
      Reads both logs without the daemon, also while it runs, up to what is proven durable. Card \
      numbers show their last four digits and reasons are left out. With --unmasked the running \
      daemon is asked instead: for the office only, and the reason is entered in the audit log \
      before anything is shown. One of --card, --terminal, --operator and --since is wanted.
      """)

  @Option(help: "The daemon's configuration file, which names logs, keys and control socket.")
  var config: String

  @Option(help: CardArgument.help) var card: CardArgument?
  @Option(help: "What a terminal did.") var terminal: UInt64?
  @Option(help: "What an operator did.") var `operator`: UInt64?
  @Option(help: "Nothing before this time, such as 2026-04-01T16:00:00Z.") var since: String?
  @Option(help: "Nothing after this time.") var until: String?
  @Option(help: "How many findings at most: the oldest ones.")
  var limit = AuditQuestion.limitDefault
  @Flag(help: "Show whole card numbers, and reasons.") var unmasked = false
  @Option(help: "Why whole numbers are wanted, in some words.") var reason: String?
  @Option(help: "The file with the logs' keys, if not the one that the configuration names.")
  var keys: String?
  @Flag(help: "A line of JSON for each finding.") var json = false

  func validate() throws {
    let count = [card != nil, terminal != nil, `operator` != nil].filter(\.self).count
    guard count <= 1, count == 1 || since != nil else {
      throw ValidationError("one of --card, --terminal, --operator and --since is wanted")
    }
    for time in [since, until] {
      if let time, Instant(rfc3339: time) == nil {
        throw ValidationError("a time such as 2026-04-01T16:00:00Z is wanted, not \(time)")
      }
    }
    guard (1...AuditQuestion.limitMax).contains(limit) else {
      throw ValidationError("--limit is 1 to \(AuditQuestion.limitMax)")
    }
    guard unmasked == (reason != nil) else {
      throw ValidationError("--unmasked wants a --reason, and only it does")
    }
  }

  func run() throws {
    let configuration = try Configuration(file: config)
    let output = AuditOutput(isJSON: json)
    if let reason {
      try AuditReading(socket: configuration.controlSocket).run(
        try arguments(reason: reason), output)
    } else {
      try readMasked(configuration, output)
    }
  }

  private func question() throws -> AuditQuestion {
    var question =
      if let card {
        AuditQuestion(.card(try card.card()))
      } else if let terminal {
        AuditQuestion(.terminal(TerminalID(rawValue: terminal)))
      } else if let person = `operator` {
        AuditQuestion(.operator(OperatorID(rawValue: person)))
      } else {
        AuditQuestion(.everything)
      }
    if let time = since.flatMap({ Instant(rfc3339: $0) }) { question.since = time }
    if let time = until.flatMap({ Instant(rfc3339: $0) }) { question.until = time }
    question.limit = limit
    return question
  }

  private func arguments(reason: String) throws -> [String: JSONValue] {
    var arguments: [String: JSONValue] = [
      "reason": .string(reason), "limit": .integer(UInt64(limit)),
    ]
    if let card { arguments["card"] = JSONValue(revealing: try card.card()) }
    if let terminal { arguments["terminal"] = .integer(terminal) }
    if let person = `operator` { arguments["operator"] = .integer(person) }
    if let since { arguments["since"] = .string(since) }
    if let until { arguments["until"] = .string(until) }
    return arguments
  }

  private func readMasked(_ configuration: Configuration, _ output: AuditOutput) throws {
    var options = LogKeyOptions()
    options.keys = keys ?? LogKeyFile.path(configured: configuration.logKeyFile)
    let keyring = try options.keyring() ?? .none
    let question = try question()
    let directories = [
      configuration.auditLogDirectory,
      "\(configuration.dataDirectory)/\(InstallationPlan.logDirectoryName)",
    ]
    var sources: [AuditSource] = []
    for directory in directories {
      let verdict = try LogInspection.judged(directory) { () throws(LogError) in
        sources.append(try Self.source(directory, keyring, question))
        return .sound
      }
      guard verdict == .sound else { throw ExitCode(verdict.rawValue) }
    }
    let verdict = try LogInspection.judged(directories[0]) { () throws(LogError) in
      let search = AuditSearch(audit: sources[0], state: sources[1])
      let (findings, hasMore) = try search.findings(question)
      for finding in findings { output.show(finding.members(isRevealing: false)) }
      if hasMore { output.sayCut() }
      return .sound
    }
    throw ExitCode(verdict.rawValue)
  }

  /// A log up to what is proven durable; what stands before the first segment at hand is gone.
  private static func source(
    _ directory: String, _ keyring: LogKeyring, _ question: AuditQuestion
  ) throws(LogError) -> AuditSource {
    let verification = try LogInspector.verify(
      directory: directory, after: LogPosition(rawValue: .max),
      progress: LogProgress("proving").show)
    let isAudit = verification.kind == .audit
    return AuditSource(
      try LogParts(directory: directory, keyring: keyring), through: verification.lastPosition,
      firstPart: isAudit
        ? try LogInspector.part(directory: directory, holding: question.since) : 0)
  }
}
