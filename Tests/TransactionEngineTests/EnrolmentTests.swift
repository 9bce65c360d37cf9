import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

/// On which days a site takes part (SPECIFICATION.md, 10.1).
@Suite("Enrolment")
struct EnrolmentTests {
  static let provider = ProviderID(rawValue: 1_888_888_884)
  static let today = Fixture.today
  static let yesterday = today.adding(days: -1)
  static let tomorrow = today.adding(days: 1)

  /// Days and states of a site and of its provider, and whether the site takes part today.
  static let rows:
    [(site: (CalendarDate, CalendarDate), provider: (CalendarDate, CalendarDate), Bool)] = [
      ((yesterday, .none), (yesterday, .none), true), ((today, today), (yesterday, .none), true),
      ((yesterday, .none), (today, today), true), ((tomorrow, .none), (yesterday, .none), false),
      ((yesterday, .none), (tomorrow, .none), false),
      ((yesterday, yesterday), (yesterday, .none), false),
      ((yesterday, .none), (yesterday, yesterday), false),
      ((yesterday, tomorrow), (yesterday, yesterday), false),
      ((yesterday, yesterday), (yesterday, tomorrow), false),
      ((today, tomorrow), (yesterday, today), true),
    ]

  @Test("a site takes part on its own days that are its provider's too", arguments: rows.indices)
  func days(index: Int) throws {
    let row = Self.rows[index]
    let changes = [
      Self.enrolled(row.provider), Self.site(row.site),
      // The order makes no difference, nor does another provider's.
      Self.site(row.site), Self.enrolled(row.provider),
      .provider(Self.provider(ProviderID(rawValue: 1_777_777_776), (.none, .none), .suspended)),
    ]
    for order in [changes[0...1], changes[0...]] {
      var line = Line(try FixtureEngine())
      for change in order { #expect(register(change, line)) }
      for engine in [line.engine, try line.engine.replayed()] {
        line.engine = engine
        for body in [RequestBody.echo, Scene.inquire(Fixture.card(0))] {
          #expect((try line.send(body).code == .siteNotActive) == !row.2)
        }
      }
    }
  }

  @Test("a suspended provider takes its sites with it, for as long as that lasts")
  func states() throws {
    var line = Line(try FixtureEngine())
    for state in RegisterState.allCases + [.active] {
      #expect(register(.provider(Self.provider(Self.provider, (.none, .none), state)), line))
      #expect(register(Self.site((.none, .none)), line))
      #expect((try line.send(.echo).code == .approved) == (state == .active), "\(state)")
    }
    #expect(try line.send(.echo, from: .secondClinic).code == .approved)
  }

  @Test("days begin and end at midnight in California, in summer and in winter")
  func midnight() throws {
    let days: [(day: UInt32, startHour: UInt64)] = [(2026_12_01, 8), (2027_07_01, 7)]
    for (day, startHour) in days {
      let first = CalendarDate(trusted: day)
      var line = Line(try FixtureEngine())
      // Staged before, so that the clock need not go back.
      line.time = Instant(milliseconds: Fixture.instant(day, hour: startHour).milliseconds - 1)
      let engine = line.engine
      #expect(
        engine.engine.register(
          Self.enrolled((first, first)), by: Fixture.author, at: Fixture.start) != nil)
      #expect(
        engine.engine.register(
          Self.site((first, first)), by: Fixture.author, at: Fixture.start) != nil)
      #expect(try line.send(.echo).code == .siteNotActive)
      line.advance(milliseconds: 1)
      #expect(try line.send(.echo).code.responseClass == .approved)
      line.advance(milliseconds: 24 * 3_600_000 - 1)
      #expect(try line.send(.echo).code.responseClass == .approved)
      line.advance(milliseconds: 1)
      #expect(try line.send(.echo).code == .siteNotActive)
    }
  }

  private func register(_ change: RegisterChange, _ line: Line) -> Bool {
    line.engine.engine.register(change, by: Fixture.author, at: line.time) != nil
  }

  private static func enrolled(_ days: (CalendarDate, CalendarDate)) -> RegisterChange {
    .provider(provider(provider, days, .active))
  }

  private static func provider(
    _ id: ProviderID, _ days: (CalendarDate, CalendarDate), _ state: RegisterState
  ) -> Provider {
    Provider(
      id: id, state: state, firstDay: days.0, lastDay: days.1,
      name: InlineArray(repeating: 0x20))
  }

  private static func site(_ days: (CalendarDate, CalendarDate)) -> RegisterChange {
    .site(
      Site(
        id: Fixture.clinic, provider: provider, role: .enrollingClinic, state: .active,
        vouchesForOperators: false, firstDay: days.0, lastDay: days.1,
        name: InlineArray(repeating: 0x20)))
  }
}
