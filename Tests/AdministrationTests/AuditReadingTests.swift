import Administration
import AuditTrail
import Installation
import Testing
import TransactionModel

/// Who may see whole numbers in the audit log, and what is kept of that.
@Suite("An unmasked reading of the audit log")
struct AuditReadingTests {
  static let question: [String: JSONValue] = [
    "terminal": .integer(1_001), "reason": "complaint of a client",
  ]

  @Test("is the office's alone", arguments: [Office.helpDeskUser, Office.stranger])
  func role(user: UInt32) throws {
    let office = try Office()
    #expect(try office.ask("audit.read", Self.question, user: user).code == "not_permitted")
    #expect(office.entries.all.isEmpty)
    #expect(office.events.take().map(\.failure) == [.notPermitted])
  }

  @Test(
    "wants a reason that says something", arguments: ["", "x", "complaint", "a b c d", "no no"])
  func reason(reason: String) throws {
    let office = try Office()
    var question = Self.question
    question["reason"] = .string(reason)
    let code = try office.ask("audit.read", question, user: Office.officeUser).code
    #expect(code == "refused" || reason.isEmpty && code == "malformed")
    #expect(office.entries.all.isEmpty)
  }

  @Test("is entered with its user and reason before it is begun")
  func entered() throws {
    let office = try Office()
    let begun = try office.ask("audit.read", Self.question, user: Office.officeUser)
    guard case .object(let members)? = begun.result, members["reading"] != nil else {
      Issue.record("it was not begun: \(begun.code ?? "")")
      return
    }
    let entry = try #require(office.entries.all.first)
    #expect(entry.user == Office.officeUser && entry.name == "audit.read")
    #expect(entry.reason == "complaint of a client" && entry.id == 1_001)
    #expect(office.entries.wereBegun == [false])
    // Nobody else gets what it finds.
    let page: [String: JSONValue] = [
      "reading": members["reading"] ?? .integer(0), "after": .integer(0),
    ]
    #expect(try office.ask("audit.page", page, user: Office.ownUser).code == "refused")
  }

  @Test("does not begin when its entry may be lost")
  func notDurable() throws {
    let office = try Office(isDurable: false)
    let begun = try office.ask("audit.read", Self.question, user: Office.officeUser)
    #expect(begun.result == nil && begun.code == "unavailable")
  }

  @Test("nothing is told that could not be entered")
  func notEntered() throws {
    let office = try Office(isKept: false)
    #expect(try office.ask("terminals.report").code == "outcome_unknown")
    #expect(try office.ask("terminal.suspend").code == "malformed")
  }

  @Test("nothing is done but the status told while the audit log takes no entries")
  func closed() throws {
    let office = try Office(isAudited: false)
    #expect(try office.ask("status").code == nil)
    for command in ["terminals.report", "policy.status", "outage.list"] {
      #expect(try office.ask(command).code == "unavailable", "\(command)")
    }
  }
}
