import ProgramSupport
import Testing

@Suite("The answers that the specification promises")
struct RefusalTests {
  @Test("to frames that break a rule")
  func format() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    let terminal = try Terminal(daemon, installation)
    let card: Value = "10000000000032"
    let inquiry = MorningTests.inquiry(card)
    let rows: [(rule: UInt64, field: String, message: String, values: [String: Value])] = [
      (9, "environment", "inquiry", inquiry.merging(["environment": 7]) { $1 }),
      (6, "last_name", "activate", form(card, "last_name", "Bell\u{7}")),
      (6, "first_name", "activate", form(card, "first_name", "\u{202E}Ana")),
      (7, "card_number", "inquiry", MorningTests.inquiry("1000000000003X")),
      (8, "birth_date", "activate", form(card, "birth_date", 2001_02_29)),
      (9, "purpose", "inquiry", MorningTests.inquiry(card, purpose: 4)),
      (11, "need", "activate", form(card, "need", nil)),
      (12, "card_number", "inquiry", MorningTests.inquiry("10000000000033")),
      (13, "sex", "update", ["card_number": card, "expected_version": 1, "sex": 0xFF]),
      (
        14, "presence_map", "update",
        ["card_number": card, "expected_version": 1, "presence_map": 0x8000_0000_0000_0000]
      ),
    ]
    for row in rows {
      let answer = try terminal.ask(row.message, row.values)
      #expect(answer.code == 1_000 + row.rule, "\(row.field), rule \(row.rule)")
      let field = terminal.messages.fields(of: "\(row.message)_request")
        .first { $0.name == row.field }
      #expect(answer["field_number"] == field.map { .number(UInt64($0.number)) })
      #expect(answer["rule_number"] == .number(row.rule))
      #expect(answer["class"] == 1)
    }
  }

  @Test("to a trace number that is used twice, and to clocks that are off")
  func sequence() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    let terminal = try Terminal(daemon, installation)
    #expect(try terminal.signOn().code == 3_500)
    let first = try terminal.request("activate", MorningTests.activation("10000000000040"))
    #expect(try terminal.send(first).code == 3_502)
    // Clause 11.5: the same key with another content.
    var other = try terminal.request("activate", MorningTests.activation("10000000000057"))
    other.frame.replaceSubrange(8..<12, with: first.frame[8..<12])
    let refused = try terminal.send(other)
    #expect(refused.code == 2_501)
    #expect(refused["class"] == 3)

    let change = MorningTests.activation("10000000000057")
    #expect(try terminal.ask("activate", change, secondsFromStart: 600).code == 2_504)
    #expect(try terminal.ask("activate", change, secondsFromStart: -1_000).code == 2_503)
    let stored = try terminal.ask("activate", change, flags: 0x08, secondsFromStart: -1_000)
    #expect(stored.code == 3_502)
    let behind = try terminal.ask("echo", secondsFromStart: -600)
    #expect(behind.code == 3_510)
    #expect(behind["clock_state"] == 1)
  }

  @Test("to an ineligible client, in training, and in Spanish")
  func rules() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    let terminal = try Terminal(daemon, installation)
    #expect(try terminal.signOn().code == 3_500)
    let card: Value = "10000000000065"
    let training = try terminal.ask("activate", MorningTests.activation(card), flags: 0x02)
    #expect(training.code == 3_502)
    guard case .text(let confirmation)? = training["confirmation_number"] else {
      Issue.record("no confirmation number")
      return
    }
    #expect(confirmation.hasPrefix("T"))
    let blank = try terminal.ask("inquiry", MorningTests.inquiry(card), flags: 0x20)
    #expect(blank.code == 3_002)

    var rich = MorningTests.activation(card)
    rich["monthly_income"] = 99_999
    rich["other_coverage"] = 2
    let declined = try terminal.ask("activate", rich, flags: 0x20)
    #expect(declined.code == 3_011)
    // Clause 13.9: every criterion that failed; 14.7: the fair hearing notice, and the limit used.
    #expect(declined["failed_criteria"] == 0x42)
    #expect(declined["notices"] == 0x8)
    #expect(declined["status"] == 0)
    #expect(declined["income_limit"] != 0)
  }

  private func form(_ card: Value, _ name: String, _ value: Value?) -> [String: Value] {
    var values = MorningTests.activation(card)
    values[name] = value
    return values
  }
}
