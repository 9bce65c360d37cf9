import AuditTrail
import Foundation
import Installation
import Support
import Testing
import TransactionModel
import WireFormat
import WriteAheadLog

@testable import Administration

@Suite("A search of both logs")
struct AuditSearchTests {
  private static let cards = (UInt64(0)..<2).map(Fixture.card)

  /// Five things, a second from each other: four about the first card, one about the second.
  private static func fiveThings() throws -> BothLogs {
    let logs = try BothLogs()
    try logs.send(Scene.activate(cards[0]), about: cards[0])
    try logs.send(Scene.inquire(cards[0]), about: cards[0], from: .pharmacy)
    // A crash took its entry.
    try logs.send(Scene.inquire(cards[0], .verify), about: cards[0], isEntered: false)
    var command = AuditCommand(user: 77, role: .office, name: "card.lost", outcome: .refused)
    command.set(.card(cards[0]))
    command.reason = "the client says so"
    logs.enter(command)
    try logs.send(Scene.inquire(cards[1]), about: cards[1])
    return logs
  }

  private static func texts(_ findings: [AuditFinding], _ name: String) -> [String] {
    findings.map { finding in
      if case .string(let text)? = finding.members(isRevealing: false)[name] { text } else { "" }
    }
  }

  private static func seconds(_ findings: [AuditFinding]) -> [UInt64] {
    findings.map { ($0.serverTime.milliseconds - Fixture.start.milliseconds) / BothLogs.second }
  }

  @Test("finds once what both logs have, and what one of them has, in the order of time")
  func merges() throws {
    let search = try Self.fiveThings().search()
    let (findings, hasMore) = try search.findings(AuditQuestion(.card(Self.cards[0])))
    #expect(Self.texts(findings, "source") == ["both", "audit", "state", "audit"])
    #expect(Self.texts(findings, "kind") == ["request", "request", "request", "command"])
    #expect(Self.seconds(findings) == [1, 2, 3, 4] && !hasMore)
  }

  @Test("finds what a terminal or an operator did, and nothing else")
  func ofOne() throws {
    let search = try Self.fiveThings().search()
    let pharmacy = Speaker.pharmacy
    for subject in [
      AuditQuestion.Subject.terminal(pharmacy.terminal), .operator(pharmacy.operatorID),
    ] {
      var question = AuditQuestion(subject)
      question.since = BothLogs.time(1)
      #expect(Self.seconds(try search.findings(question).findings) == [2], "\(subject)")
    }
    var question = AuditQuestion(.terminal(Speaker.clinic.terminal))
    question.since = BothLogs.time(1)
    #expect(Self.seconds(try search.findings(question).findings) == [1, 3, 5])
    #expect(try search.findings(AuditQuestion(.card(Fixture.card(9)))).findings.isEmpty)
  }

  @Test("keeps to its time, the first and the last moment included")
  func time() throws {
    let search = try Self.fiveThings().search()
    for first in UInt64(1)...5 {
      for last in first...5 {
        var question = AuditQuestion(.everything)
        question.since = BothLogs.time(first)
        question.until = BothLogs.time(last)
        #expect(Self.seconds(try search.findings(question).findings) == Array(first...last))
        // A moment less at either end.
        question.since = Instant(milliseconds: question.since.milliseconds + 1)
        question.until = Instant(milliseconds: question.until.milliseconds - 1)
        #expect(
          Self.seconds(try search.findings(question).findings)
            == Array((first + 1)..<max(first + 1, last)))
      }
    }
  }

  @Test("gives the oldest, as many as are wanted, and says whether there are more")
  func limit() throws {
    let search = try Self.fiveThings().search()
    var question = AuditQuestion(.card(Self.cards[0]))
    for limit in 1...5 {
      question.limit = limit
      let (findings, hasMore) = try search.findings(question)
      #expect(Self.seconds(findings) == Array([1, 2, 3, 4].prefix(limit)))
      #expect(hasMore == (limit < 4), "\(limit)")
    }
  }

  @Test("shows card numbers and reasons only where they may be seen")
  func masking() throws {
    let search = try Self.fiveThings().search()
    let findings = try search.findings(AuditQuestion(.card(Self.cards[0]))).findings
    let whole = Self.cards[0].revealed
    for finding in findings {
      let hidden = JSONValue.object(finding.members(isRevealing: false)).line
      let shown = JSONValue.object(finding.members(isRevealing: true)).line
      #expect(!hidden.contains(whole) && !hidden.contains("client says"), "\(hidden)")
      #expect(hidden.contains(Self.cards[0].description) && shown.contains(whole), "\(shown)")
    }
    let last = try #require(findings.last).members(isRevealing: true)
    #expect(last["reason"] == "the client says so")
  }

  @Test("ends when nobody wants it any more")
  func cancelled() throws {
    let logs = try Self.fiveThings()
    let search = try logs.search()
    func outcome(endingAt last: Int) -> (askedCount: Int, isEnded: Bool) {
      var count = 0
      do throws(LogError) {
        _ = try search.findings(AuditQuestion(.everything)) {
          count += 1
          return count > last
        }
        return (count, false)
      } catch {
        return (count, true)
      }
    }
    let (count, isEnded) = outcome(endingAt: .max)
    #expect(count == logs.changeCount + 4 && !isEnded, "it is asked at each record of either log")
    for last in 0..<count { #expect(outcome(endingAt: last) == (last + 1, true)) }
  }

  @Test("is told page by page, to who asked, and once", arguments: [0, 1, 200, 201, 450])
  func pages(count: Int) throws {
    let found = try Self.fiveThings().search().findings(AuditQuestion(.everything)).findings
    let some = try #require(found.first)
    let all = (0..<count).map { number in
      var finding = some
      finding.serverTime = BothLogs.time(UInt64(number))
      return finding
    }
    let readings = AuditReadings { _, _ in (all, true) }
    defer { readings.stop() }
    let ticket = try #require(try readings.begin(AuditQuestion(.everything), for: 7))
    #expect(readings.page(ticket, after: 0, for: 8) == nil)
    #expect(readings.page(ticket + 1, after: 0, for: 7) == nil)
    var counts: [Int] = []
    var times: [JSONValue?] = []
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline {
      guard
        case .object(let page)? = readings.page(ticket, after: UInt64(counts.reduce(0, +)), for: 7)
      else { break }
      guard page["working"] == nil else { continue }
      guard case .array(let entries)? = page["entries"] else { break }
      counts.append(entries.count)
      for case .object(let entry) in entries { times.append(entry["server_time"]) }
      #expect(page["cut"] == .bool(true))
      #expect(page["more"] == .bool(counts.reduce(0, +) < count))
    }
    #expect(times == all.map { .string($0.serverTime.rfc3339) })
    #expect(counts.reduce(0, +) == count && counts.allSatisfy { $0 <= 200 })
    #expect(counts.count == max(1, (count + 199) / 200))
  }
}
