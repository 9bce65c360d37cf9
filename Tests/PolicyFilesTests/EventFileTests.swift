import EligibilityPolicy
import PolicyFiles
import Testing

/// What a sequence of events is answered with for a day: status, from and through.
private func ask(_ events: String, _ question: String) throws -> String {
  let text = "id,events,question_date\n1,\"\(events)\",\(question)\n"
  let answered = try EventFile.answer(Array(text.utf8), name: "events.csv", by: .compiledIn)
  #expect(answered.mistakes == [])
  return String(lines(answered.text)[1].dropFirst(2))
}

@Suite("A file of events")
struct EventFileTests {
  @Test(
    "is answered by the period rules",
    arguments: [
      // The program's own example.
      ("activate 2001-02-04", "2002-02-03", "eligible,2001-02-04,2002-02-03"),
      ("activate 2001-02-04", "2002-02-04", "not_eligible,,"),
      ("activate 2001-02-04", "2001-02-03", "not_eligible,,"),
      ("", "2026-04-01", "never_activated,,"),
      // Leap days: 365 days, whatever the date.
      ("activate 2024-02-29", "2025-02-27", "eligible,2024-02-29,2025-02-27"),
      ("activate 2024-02-29", "2025-02-28", "not_eligible,,"),
      ("activate 2023-03-01", "2024-02-28", "eligible,2023-03-01,2024-02-28"),
      ("activate 2023-03-01", "2024-02-29", "not_eligible,,"),
      ("activate 2023-02-28", "2024-02-27", "eligible,2023-02-28,2024-02-27"),
      ("activate 2024-03-01", "2025-02-28", "eligible,2024-03-01,2025-02-28"),
      // The window of questions, on leap days too.
      ("activate 2026-04-01; ask 2026-04-01", "2026-04-02", "question_refused,,"),
      ("activate 2023-02-28; ask 2024-02-29", "2023-02-28", "eligible,2023-02-28,2024-02-27"),
      ("activate 2023-02-27; ask 2024-02-29", "2023-02-27", "question_refused,,"),
      ("activate 2023-02-28; ask 2025-02-28", "2024-02-28", "not_eligible,,"),
      ("ask 2026-04-01", "2026-04-02", "question_refused,,"),
      // Renewal: opens after ten months, loses no day and doubles none.
      ("activate 2024-03-05; recertify 2025-01-04", "2025-01-04", "event_refused,,"),
      ("activate 2024-03-05; recertify 2025-01-05", "2025-01-05", "eligible,2024-03-05,2025-03-04"),
      ("activate 2024-03-05; recertify 2025-01-05", "2025-03-05", "eligible,2025-03-05,2026-03-04"),
      ("activate 2024-03-05; recertify 2025-06-01", "2025-05-31", "not_eligible,,"),
      ("activate 2024-03-05; recertify 2025-06-01", "2025-06-01", "eligible,2025-06-01,2026-05-31"),
      (
        "activate 2024-03-05; recertify 2025-01-05; recertify 2025-01-06", "2025-03-05",
        "event_refused,,"
      ),
      ("recertify 2026-01-01", "2026-01-01", "event_refused,,"),
      ("activate 2026-01-01; activate 2026-02-01", "2026-02-01", "event_refused,,"),
      ("activate 2024-01-01; activate 2026-02-01", "2026-02-01", "event_refused,,"),
      // Only the last event's refusal is told.
      (
        "activate 2026-01-01; activate 2026-02-01; update 2026-02-02", "2026-02-02",
        "eligible,2026-01-01,2026-12-31"
      ),
      ("activate 2026-01-01; activate 2026-02-01; ask 2026-03-01", "2026-02-02", "event_refused,,"),
      // Deactivation.
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason income effective 2026-03-01",
        "2026-02-28", "eligible,2026-01-01,2026-02-28"
      ),
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason income effective 2026-03-01",
        "2026-03-01", "not_eligible,,"
      ),
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason pregnancy effective 2026-03-01",
        "2026-03-01", "event_refused,,"
      ),
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason pregnancy effective 2026-03-02",
        "2026-03-01", "eligible,2026-01-01,2026-03-01"
      ),
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason sterilization effective 2026-05-30",
        "2026-05-29", "eligible,2026-01-01,2026-05-29"
      ),
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason sterilization effective 2026-05-31",
        "2026-05-29", "event_refused,,"
      ),
      (
        "activate 2024-01-01; deactivate 2024-03-01 reason number effective 2024-03-01",
        "2024-03-01", "event_refused,,"
      ),
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason residence effective 2026-03-01; "
          + "deactivate 2026-03-05 reason medi_cal effective 2026-03-05",
        "2026-03-05", "not_eligible,,"
      ),
      (
        "activate 2026-01-01; deactivate 2026-03-01 reason other_coverage effective 2026-03-01; "
          + "recertify 2026-03-10", "2026-03-10", "eligible,2026-03-10,2027-03-09"
      ),
      // Months before certification.
      (
        "activate 2026-05-15; retro 2026-02,2026-04", "2026-04-30",
        "retroactive,2026-04-01,2026-04-30"
      ),
      ("activate 2026-05-15; retro 2026-02,2026-04", "2026-03-01", "not_eligible,,"),
      ("activate 2026-05-15; retro 2026-02,2026-04", "2026-05-14", "not_eligible,,"),
      ("activate 2026-05-15; retro 2026-01", "2026-05-15", "event_refused,,"),
      ("activate 2026-05-15; retro 2026-04,2026-04", "2026-05-15", "event_refused,,"),
      ("activate 2026-05-15; retro 2026-05", "2026-05-15", "event_refused,,"),
      ("activate 2001-08-15; retro 2001-07", "2001-08-15", "event_refused,,"),
      ("retro 2026-04", "2026-05-15", "event_refused,,"),
      ("activate 2024-03-31; retro 2024-02", "2024-02-29", "retroactive,2024-02-01,2024-02-29"),
      // Back-dating.
      ("activate 2026-05-06 certified 2026-05-04", "2026-05-06", "event_refused,,"),
      (
        "outage 2026-05-04/2026-05-05; activate 2026-05-06 certified 2026-05-04", "2026-05-04",
        "eligible,2026-05-04,2027-05-03"
      ),
      (
        "outage 2026-05-04/2026-05-05; activate 2026-05-06 certified 2026-05-03", "2026-05-06",
        "event_refused,,"
      ),
      ("activate 2026-05-06 certified 2026-05-07", "2026-05-07", "event_refused,,"),
      // Neither an update nor a new card moves a period.
      (
        "activate 2026-01-01; update 2026-06-01; replace-card 2026-06-02", "2026-06-02",
        "eligible,2026-01-01,2026-12-31"
      ),
      ("replace-card 2026-06-02", "2026-06-02", "event_refused,,"),
      ("update 2026-06-02", "2026-06-02", "event_refused,,"),
    ])
  func sequences(events: String, question: String, expected: String) throws {
    #expect(try ask(events, question) == expected)
  }

  @Test(
    "reckons in California days, also in the nights of daylight saving",
    arguments: [
      // 23:30 and 00:30 by the wall clock, around both nights of 2026.
      ("2026-03-08T07:30:00Z", "2026-03-07"), ("2026-03-08T08:30:00Z", "2026-03-08"),
      ("2026-03-09T06:30:00Z", "2026-03-08"), ("2026-03-09T07:30:00Z", "2026-03-09"),
      ("2026-11-01T06:30:00Z", "2026-10-31"), ("2026-11-01T07:30:00Z", "2026-11-01"),
      ("2026-11-02T07:30:00Z", "2026-11-01"), ("2026-11-02T08:30:00Z", "2026-11-02"),
      // By the rules of 2001: April 1 and October 28.
      ("2001-04-01T07:30:00Z", "2001-03-31"), ("2001-04-01T08:30:00Z", "2001-04-01"),
      ("2001-04-02T06:30:00Z", "2001-04-01"), ("2001-04-02T07:30:00Z", "2001-04-02"),
      ("2001-10-28T06:30:00Z", "2001-10-27"), ("2001-10-28T07:30:00Z", "2001-10-28"),
      ("2001-10-29T07:30:00Z", "2001-10-28"), ("2001-10-29T08:30:00Z", "2001-10-29"),
    ])
  func nights(instant: String, day: String) throws {
    let activated = try ask("activate-at \(instant)", day)
    #expect(activated.hasPrefix("eligible,\(day),"))
    #expect(activated == (try ask("activate \(day)", day)))
    let old = "activate 2000-01-01"
    #expect(
      try ask("\(old); recertify-at \(instant)", day) == ask("\(old); recertify \(day)", day))
    #expect(try ask("ask-at \(instant)", day) == "never_activated,,")
    // The day after lies ahead.
    let next = try #require(
      try ask("activate-at \(instant); ask-at \(instant)", day).split(separator: ",").first)
    #expect(next == "eligible")
  }

  @Test(
    "has a row out for a row that cannot be read, and says why",
    arguments: [
      ("activate", "\"activate\": no such event, or a word of it is missing"),
      ("enrol 2026-01-01", "\"enrol 2026-01-01\": no such event, or a word of it is missing"),
      (
        "activate 2026-02-29",
        "\"activate 2026-02-29\": \"2026-02-29\" is no day such as 2026-04-01"
      ),
      (
        "activate-at 2026-04-01",
        "\"activate-at 2026-04-01\": \"2026-04-01\" is no time such as "
          + "2026-04-01T16:00:00Z"
      ),
      ("retro 2026-13", "\"retro 2026-13\": \"2026-13\" is no month such as 2026-04"),
      (
        "outage 2026-05-05/2026-05-04",
        "\"outage 2026-05-05/2026-05-04\": two days in order, with a slash between them, are wanted"
      ),
      (
        "deactivate 2026-05-05 reason death effective 2026-05-05",
        "\"deactivate 2026-05-05 reason death effective 2026-05-05\": \"death\" is none of income, "
          + "residence, sterilization, other_coverage, medi_cal, pregnancy, number"
      ),
    ])
  func wrong(events: String, reason: String) throws {
    let text =
      "id,events,question_date\n1,\"\(events)\",2026-05-05\n2,activate 2026-05-05,2026-05-05\n"
    let answered = try EventFile.answer(Array(text.utf8), name: "events.csv", by: .compiledIn)
    #expect(lines(answered.text)[1...] == ["1,error,,", "2,eligible,2026-05-05,2027-05-04"])
    #expect(answered.mistakes.map(\.description) == ["events.csv: line 2: events: \(reason)"])
  }
}
