import ProgramSupport
import Testing

/// A clinic's morning, played by a client that is made of the Protocol folder alone.
@Suite("A client written from the Protocol folder")
struct MorningTests {
  static let card: Value = "10000000000024"
  static let today: UInt64 = 2026_11_02

  /// A form of an eligible client, by the names of fields.csv.
  static let form: [String: Value] = [
    "last_name": "Ōkubo-Ñáñez", "first_name": "Inés", "middle_name": "B", "birth_date": 2001_02_28,
    "social_security_number": 123_456_789, "zip_code": 941_100_000, "monthly_income": 0,
    "family_size": 1, "live_births": 0, "county": 38, "sex": 1, "medi_cal": 1,
    "other_coverage": 1, "confidentiality": 2, "contact_method": 4, "residence": 1,
    "institution": 2, "need": 1,
  ]

  static func activation(_ card: Value, _ form: [String: Value] = form) -> [String: Value] {
    form.merging(["card_number": card, "certification_date": .number(today)]) { $1 }
  }

  static func inquiry(_ card: Value, purpose: UInt64 = 1) -> [String: Value] {
    ["card_number": card, "date_of_service": .number(today), "purpose": .number(purpose)]
  }

  @Test("knows of every message the lengths that the tables say")
  func lengths() throws {
    let messages = try Messages()
    for (name, type) in Messages.types {
      for (body, length) in [("\(name)_request", type.request), ("\(name)_reply", type.reply)] {
        let end = messages.fields(of: body).map(\.range.upperBound).max()
        #expect(end == length, "\(body)")
      }
    }
    #expect(messages.fields(of: "refusal").map(\.range.upperBound).max() == 64)
  }

  @Test("can work a morning through")
  func morning() throws {
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    let terminal = try Terminal(daemon, installation)

    #expect(try terminal.ask("echo").code == 3_500)
    #expect(try terminal.ask("inquiry", Self.inquiry(Self.card)).code == 2_010)
    let signOn = try terminal.signOn()
    #expect(signOn.code == 3_500)
    #expect(signOn["site_id"] == 1_234_567_893)
    #expect(signOn["role"] == 1)
    #expect(signOn["frames_in_flight_max"] == 64)

    let activation = try terminal.request("activate", Self.activation(Self.card), flags: 0x04)
    let activated = try terminal.send(activation)
    #expect(activated.code == 3_502)
    #expect(activated["record_version"] == 1)
    #expect(activated["period_first_day"] == .number(Self.today))
    #expect(activated["period_last_day"] == 2027_11_01)
    #expect(activated["aid_code"] == "8H")
    #expect(activated["confirmation_number"] != "")
    try checkInquiry(terminal, Self.form, version: 1)

    try update(terminal)
    try deactivate(terminal)

    let again = try terminal.send(activation.adding(0x01))
    var expected = activated.frame
    expected[5] |= 0x40
    #expect(again.frame == expected)
    #expect(try terminal.ask("sign_off").code == 3_500)
    #expect(try terminal.ask("inquiry", Self.inquiry(Self.card)).code == 2_010)
    #expect(try terminal.send(activation.adding(0x01)).frame == expected)
    #expect(try daemon.stop() == 0)
  }

  /// An update that sets, clears and keeps; and one that comes too late.
  private func update(_ terminal: Terminal) throws {
    // Clause 5.7: spaces clear text, all ones a number.
    let changes: [String: Value] = [
      "monthly_income": 1_200, "middle_name": "", "zip_code": 0xFFFF_FFFF, "live_births": 0xFF,
    ]
    let updated = try terminal.ask(
      "update", changes.merging(["card_number": Self.card, "expected_version": 1]) { $1 })
    #expect(updated.code == 3_504)
    #expect(updated["record_version"] == 2)
    var form = Self.form
    form["monthly_income"] = 1_200
    for cleared in ["middle_name", "zip_code", "live_births"] { form[cleared] = nil }
    try checkInquiry(terminal, form, version: 2)

    let late = try terminal.ask(
      "update", ["card_number": Self.card, "expected_version": 1, "family_size": 9])
    #expect(late.code == 3_030)
    #expect(late["record_version"] == 2)
    #expect(late["last_change_site"] == 1_234_567_893)
    try checkInquiry(terminal, form, version: 2)
  }

  private func deactivate(_ terminal: Terminal) throws {
    let ended = try terminal.ask(
      "deactivate", ["card_number": Self.card, "reason": 4, "effective_date": 2026_11_03])
    #expect(ended.code == 3_505)
    #expect(ended["period_last_day"] == 2026_11_02)
    #expect(ended["deactivation_reason"] == 4)
    let verified = try terminal.ask("inquiry", Self.inquiry(Self.card, purpose: 2))
    #expect(verified.code == 3_501)
    #expect(verified["days_left"] == 1)
    #expect(verified["presence_map"] == 0)
    #expect(verified["confirmation_number"] != "")
  }

  /// Inquires, and expects the form as it was given, but for the social security number.
  private func checkInquiry(
    _ terminal: Terminal, _ form: [String: Value], version: UInt64
  ) throws {
    let answer = try terminal.ask("inquiry", Self.inquiry(Self.card))
    #expect(answer.code == 3_501)
    #expect(answer["status"] == 1)
    #expect(answer["record_version"] == .number(version))
    for row in terminal.messages.fields(of: "inquiry_reply") where row.presenceBit != nil {
      let expected = row.name == "social_security_number" ? nil : form[row.name]
      #expect(answer[row.name] == expected, "\(row.name)")
    }
  }
}
