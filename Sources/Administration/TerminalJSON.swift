import Installation
import TransactionEngine
import TransactionModel

extension SharedEngine {
  /// A page of terminals, with what was heard of each.
  func terminalPage(_ site: SiteID?, after id: UInt64, limit: Int) -> JSONValue {
    let reports = terminalReports(of: site, after: TerminalID(rawValue: id), limit: limit + 1)
    return .object([
      "entries": .array(reports.prefix(limit).map(\.json)), "more": .bool(reports.count > limit),
    ])
  }
}

extension TerminalReport {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "id": .integer(terminal.id.rawValue), "site": .integer(terminal.site.rawValue),
      "state": .string("\(terminal.state)"), "missing": .integer(missingTraceNumberCount),
      "gaps": .integer(gapCount), "requests": .integer(requestCount),
      "changes": .integer(changeCount), "repeats": .integer(repeatCount),
      "refusals": .integer(refusalCount), "stored_answers": .integer(UInt64(storedAnswerCount)),
    ]
    if newestTraceNumber != 0 { members["newest_stan"] = .integer(UInt64(newestTraceNumber)) }
    if lastSeen != .none { members["last_seen"] = .string(lastSeen.rfc3339) }
    if requestCount > 0 { members["certificate"] = isByGateway ? "gateway" : "own" }
    return .object(members)
  }
}
