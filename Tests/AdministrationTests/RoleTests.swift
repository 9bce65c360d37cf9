import Administration
import Installation
import Support
import Testing
import TransactionEngine
import TransactionModel

@Suite("Who may do what over the control socket")
struct RoleTests {
  private static let helpDeskCommands: Set<String> = [
    "status", "find", "terminals.report", "operator.unlock", "operator.issue-secret",
  ]

  /// Arguments with which each command is well formed, whether or not it is carried out.
  private static let arguments: [String: [String: JSONValue]] = {
    let clinic = JSONValue.integer(Fixture.clinic.rawValue)
    let card = JSONValue.string(Fixture.card(0).revealed)
    let day: JSONValue = "2026-01-01"
    var arguments: [String: [String: JSONValue]] = [
      "cards.ship": ["first": .integer(1), "last": .integer(2), "site": clinic],
      "cards.ship-blank": ["count": .integer(1), "site": clinic],
      "cards.void": ["first": .integer(1), "last": .integer(2)],
      "cards.import": ["ranges": .array([.array([.integer(1), .integer(2)])])],
      "card.lost": ["card": card], "card.found": ["card": card],
      "card.replace": ["card": card, "site": clinic],
      "hearing.record": [
        "card": card, "outcome": "eligible", "decided": day, "first_day": day,
      ],
      "outage.declare": ["from": day, "through": day],
      "outage.end": ["from": day, "through": day],
      "operator.add": [
        "id": .integer(9), "site": clinic, "last_name": "A", "first_name": "B", "birth_date": day,
      ],
      "terminal.add": ["id": .integer(9), "site": clinic],
      "site.add": [
        "id": .integer(1_500_000_009), "name": "A", "role": "office", "first_day": day,
      ],
      "provider.add": ["id": .integer(1_500_000_009), "name": "A", "first_day": day],
      "find": ["terminal": .integer(1_001)],
      "audit.read": ["terminal": .integer(1_001), "reason": "complaint of a client"],
      "audit.page": ["reading": .integer(1), "after": .integer(0)],
      "operator.unlock": ["id": .integer(501)], "operator.issue-secret": ["id": .integer(501)],
    ]
    let ids: [String: UInt64] = [
      "provider": 1, "site": Fixture.clinic.rawValue, "terminal": 1_001, "operator": 501,
    ]
    for (part, id) in ids {
      for step in ["suspend", "retire", "enable"] {
        arguments["\(part).\(step)"] = ["id": .integer(id)]
      }
    }
    return arguments
  }()

  @Test("the office may do everything, the help desk a few things", arguments: ControlRequest.names)
  func matrix(command: String) throws {
    let arguments = Self.arguments[command] ?? [:]
    for user in [Office.ownUser, Office.officeUser, 0] {
      let code = try Office().ask(command, arguments, user: user).code
      #expect(code == nil || code == "refused", "\(command) as \(user): \(code ?? "")")
    }
    let office = try Office()
    let count = office.fixture.records.count
    let code = try office.ask(command, arguments, user: Office.helpDeskUser).code
    if Self.helpDeskCommands.contains(command) {
      #expect(code == nil || code == "refused", "\(code ?? "")")
    } else {
      #expect(code == "not_permitted" && office.fixture.records.count == count)
    }
  }

  @Test("a user without a role gets nothing", arguments: ControlRequest.names)
  func stranger(command: String) throws {
    let office = try Office()
    let count = office.fixture.records.count
    let answer = try office.ask(command, Self.arguments[command] ?? [:], user: Office.stranger)
    #expect(answer.code == "not_permitted" && office.fixture.records.count == count)
  }

  @Test("the socket is open to others only where others have a role")
  func mode() {
    #expect(ControlRoles(own: 7).socketMode == 0o600)
    #expect(ControlRoles(own: 7, office: [0, 7]).socketMode == 0o600)
    #expect(ControlRoles(own: 7, office: [8]).socketMode == 0o666)
    #expect(ControlRoles(own: 7, helpDesk: [8]).socketMode == 0o666)
    #expect(ControlRoles(own: 7, office: [8], helpDesk: [8]).role(of: 8) == .office)
    #expect(ControlRoles(own: 7, helpDesk: [7]).role(of: 7) == .office)
  }

  @Test("a change is told as done only when it is durable")
  func durable() throws {
    let lost = try Office(isDurable: false)
    #expect(
      try lost.ask("terminal.add", Self.arguments["terminal.add"] ?? [:]).code
        == "outcome_unknown")
    let full = try Office(canAcceptChanges: false)
    let count = full.fixture.records.count
    #expect(
      try full.ask("terminal.add", Self.arguments["terminal.add"] ?? [:]).code
        == "unavailable")
    #expect(full.fixture.records.count == count)
  }

  @Test("an outage declared again is the same one, and may be ended")
  func outages() throws {
    let office = try Office()
    let before = office.fixture.engine.outages.count
    let days: [String: JSONValue] = ["from": "2026-10-02", "through": "2026-11-01"]
    #expect(try office.ask("outage.end", days).code == "refused")
    #expect(try office.ask("outage.declare", days).code == nil)
    #expect(office.fixture.engine.outages.last?.lastEntryDay == CalendarDate(trusted: 2026_12_01))
    let longer = days.merging(["enter_by": "2026-12-31"]) { $1 }
    #expect(try office.ask("outage.declare", longer).code == nil)
    #expect(office.fixture.engine.outages.last?.lastEntryDay == CalendarDate(trusted: 2026_12_31))
    #expect(try office.ask("outage.end", days).code == nil)
    #expect(office.fixture.engine.outages.count == before + 1)
    let ended = try office.fixture.replayed().engine.outages
    #expect(ended == office.fixture.engine.outages)
    #expect(ended.last.map { $0.lastEntryDay < Fixture.today } == true)
  }

  @Test("what is refused by a rule changes nothing, what is so already is no mistake")
  func rules() throws {
    let office = try Office()
    let rows: [(command: String, arguments: [String: JSONValue], code: String?)] = [
      (
        "terminal.add", ["id": .integer(1_001), "site": .integer(Fixture.clinic.rawValue)],
        "refused"
      ),
      ("terminal.add", ["id": .integer(9), "site": .integer(1_500_000_009)], "refused"),
      ("terminal.enable", ["id": .integer(1_004)], "refused"),
      ("terminal.suspend", ["id": .integer(1_004)], "refused"),
      ("terminal.retire", ["id": .integer(1_004)], nil),
      ("terminal.enable", ["id": .integer(1_002)], nil),
      ("terminal.suspend", ["id": .integer(1_003)], nil),
      ("operator.unlock", ["id": .integer(404)], "refused"),
      (
        "cards.ship",
        [
          "first": .integer(1_000_000_000_001), "last": .integer(1_000_000_000_005),
          "site": .integer(Fixture.clinic.rawValue),
        ], nil
      ),
      (
        "cards.ship",
        [
          "first": .integer(3_000_000_000_001), "last": .integer(3_000_000_000_005),
          "site": .integer(Fixture.pharmacy.rawValue),
        ], "refused"
      ),
    ]
    let count = office.fixture.records.count
    for row in rows {
      #expect(try office.ask(row.command, row.arguments).code == row.code, "\(row)")
    }
    #expect(office.fixture.records.count == count)
  }
}
