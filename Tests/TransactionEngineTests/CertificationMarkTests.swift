import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("What the log says of a certification")
struct CertificationMarkTests {
  private func newest(_ line: Line) throws -> TransactionRecord {
    try #require(line.engine.records.last.flatMap { TransactionRecord(body: $0.body) })
  }

  @Test("marks a paper certification of an outage, in the transaction and in the record")
  func outage() throws {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(Fixture.card(0), on: Fixture.outage.firstDay))
    let activation = try newest(line)
    #expect(activation.marks == .certifiedInOutage)
    #expect(activation.image?.flags == .certifiedInOutage)
    #expect(activation.image?.determinationDate == Fixture.outage.firstDay)
    try line.send(Scene.deactivate(Fixture.card(0)))
    #expect(try newest(line).marks == [] && newest(line).image?.flags == .certifiedInOutage)
    try line.send(Scene.recertify(Fixture.card(0)))
    #expect(try newest(line).marks == [] && newest(line).image?.flags == [])
  }

  @Test("marks nothing where a paper certification is refused")
  func refused() throws {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(Fixture.card(0), on: Fixture.overdueOutage.firstDay))
    #expect(try newest(line).code == .certificationDateNotAllowed && newest(line).marks == [])
  }

  @Test("marks what a terminal kept, whose day is that of its transaction time")
  func storedAndForwarded() throws {
    var line = Line(try FixtureEngine())
    var step = line.step(
      Scene.activate(Fixture.card(0), on: Fixture.today.adding(days: -2)),
      flags: .storedAndForward)
    let twoDays: UInt64 = 48 * 3_600_000
    step.header.transactionTime = Instant(milliseconds: line.time.milliseconds - twoDays)
    #expect(try line.send(step).code == .activated)
    #expect(try newest(line).marks == .storedAndForwarded)
    var other = line.step(Scene.activate(Fixture.card(1)), flags: .storedAndForward)
    other.header.transactionTime = step.header.transactionTime
    #expect(try line.send(other).code == .certificationDateNotAllowed)
    // Kept within an outage and certified on paper before: both.
    var both = line.step(
      Scene.activate(Fixture.card(1), on: Fixture.outage.lastDay), flags: .storedAndForward)
    both.header.transactionTime = step.header.transactionTime
    #expect(try line.send(both).code == .activated)
    #expect(try newest(line).marks == [.storedAndForwarded, .certifiedInOutage])
  }

  @Test("who certifies himself or herself, or another on a taken number, is a security event")
  func securityEvents() throws {
    var line = Line(try FixtureEngine())
    let own = SampleForm.clinicOperator
    #expect(try line.send(Scene.activate(Fixture.card(0), own)).isSecurityEvent)
    #expect(try !line.send(Scene.activate(Fixture.card(0))).isSecurityEvent)
    let change = SampleForm.emptyUpdate.with(.lastName, "Own").with(.firstName, "Self")
      .with(.birthDate, 1985_07_09)
    #expect(try line.send(Scene.update(Fixture.card(0), expecting: 1, change)).isSecurityEvent)
    try line.send(Scene.deactivate(Fixture.card(0)))
    for form in [own, SampleForm.otherEligible] {
      #expect(try line.send(Scene.recertify(Fixture.card(0), form)).isSecurityEvent)
    }
    #expect(try !line.send(Scene.recertify(Fixture.card(0))).isSecurityEvent)
  }
}
