import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("TerminalSession")
struct TerminalSessionTests {
  /// A session with a connection and nothing to do.
  private func connected() -> SessionFixture {
    var fixture = SessionFixture()
    _ = fixture.request(90, .echo)
    _ = fixture.handle(.connected)
    _ = fixture.answer(90, .approved)
    return fixture
  }

  @Test("keeps a change before it is sent, and erases it when its answer has been told")
  func change() {
    var fixture = SessionFixture()
    #expect(fixture.change(1) == ["keep 1", "connect 0"])
    #expect(fixture.handle(.connected) == ["keep 1 sent", "send 1"])
    #expect(fixture.answer(1, .deactivated) == ["report 1 answered 3505", "erase 1"])
    #expect(fixture.session.isAtRest)
    #expect(fixture.change(2) == ["keep 2 sent", "send 2"])
    #expect(fixture.answer(2, .effectiveDateNotAllowed) == ["report 2 answered 3034", "erase 2"])
  }

  @Test("tries the next server, and waits longer after each round in which none is there")
  func servers() {
    var fixture = SessionFixture()
    _ = fixture.change(1)
    var previous: UInt64 = 0
    for round in 0..<9 {
      #expect(fixture.handle(.connectionFailed) == ["connect 1"])
      #expect(fixture.handle(.connectionFailed) == [])
      let start = fixture.time.monotonicMilliseconds
      #expect(fixture.wakeUp() == ["connect 0"])
      let wait = fixture.time.monotonicMilliseconds - start
      let whole = min(UInt64(1_000) << UInt64(round), 60_000)
      #expect((whole / 2...whole).contains(wait))
      if round < 5 { #expect(wait * 2 >= previous) }
      previous = wait
    }
    #expect(fixture.handle(.connected) == ["keep 1 sent", "send 1"])
  }

  @Test("repeats after a lost connection, on a new one that comes within ten seconds")
  func lost() {
    var fixture = connected()
    _ = fixture.change(1)
    #expect(fixture.handle(.connectionLost) == [])
    let start = fixture.time.monotonicMilliseconds
    #expect(fixture.wakeUp() == ["connect 0"])
    #expect(fixture.time.monotonicMilliseconds - start <= 10_000)
    #expect(fixture.handle(.connected) == ["send 1 repeat"])
    // Lost again before anything was answered: the other server, after a wait that is doubled.
    #expect(fixture.handle(.connectionLost) == [])
    #expect(fixture.wakeUp() == ["connect 1"])
    #expect(fixture.handle(.connected) == ["send 1 repeat"])
    #expect(fixture.answer(1, .deactivated) == ["report 1 answered 3505", "erase 1"])
  }

  @Test("closes the connection when an answer is overdue, and repeats at the other server")
  func timeOut() {
    var fixture = connected()
    _ = fixture.change(1)
    #expect(fixture.pass(milliseconds: 24_999) == [])
    #expect(fixture.pass(milliseconds: 1) == ["disconnect"])
    #expect(fixture.wakeUp() == ["connect 1"])
    #expect(fixture.handle(.connected) == ["send 1 repeat"])
  }

  @Test("takes for an answer only what gives every key field back")
  func stray() throws {
    var fixture = connected()
    _ = fixture.change(1)
    let changes: [(inout TerminalRequest) -> Void] = [
      { $0.header.terminal = TerminalID(rawValue: 1_002) },
      { $0.header.traceNumber = SystemTraceAuditNumber(rawValue: 2) },
      { $0.header.transactionTime = Instant(milliseconds: 5) },
      { $0.header.environment = .production },
      { $0.header.software = SoftwareID(rawValue: 2) },
      { $0.header.operatorID = OperatorID(rawValue: 502) },
      { $0.body = Samples.inquiry(Samples.card) },
    ]
    for (index, change) in changes.enumerated() {
      let reply = try #require(fixture.reply(1, .effectiveDateNotAllowed, changing: change))
      #expect(fixture.handle(.received(reply)) == [], "field \(index) is not compared")
    }
    #expect(fixture.session.strayReplyCount == changes.count)
    let reply = try #require(fixture.reply(1, .deactivated))
    #expect(fixture.handle(.received(reply)) == ["report 1 answered 3505", "erase 1"])
    #expect(fixture.handle(.received(reply)) == [], "a second answer is nobody's")
    #expect(fixture.session.strayReplyCount == changes.count + 1)
  }

  @Test("holds back what follows on a card until the change before it is answered")
  func sameCard() {
    var fixture = connected()
    #expect(fixture.change(1) == ["keep 1 sent", "send 1"])
    #expect(fixture.change(2) == ["keep 2"])
    #expect(fixture.request(3, Samples.inquiry(Samples.card)) == [])
    #expect(fixture.change(4, Samples.otherCard) == ["keep 4 sent", "send 4"])
    #expect(
      fixture.answer(1, .deactivated)
        == ["report 1 answered 3505", "erase 1", "keep 2 sent", "send 2"])
    #expect(fixture.answer(2, .deactivated) == ["report 2 answered 3505", "erase 2", "send 3"])
  }

  @Test("sends a reversal, which names no card, after all changes before it, before all after it")
  func reversal() {
    var fixture = connected()
    let reversal = RequestBody.reverse(
      traceNumber: SystemTraceAuditNumber(rawValue: 90), type: .update, reason: 2,
      time: Samples.time)
    #expect(fixture.change(1) == ["keep 1 sent", "send 1"])
    #expect(fixture.request(2, reversal) == ["keep 2"])
    #expect(fixture.change(3, Samples.otherCard) == ["keep 3"])
    #expect(fixture.request(4, Samples.inquiry(Samples.otherCard)) == [])
    #expect(fixture.request(5, Samples.signOn) == ["send 5"])
    #expect(
      fixture.answer(1, .deactivated)
        == ["report 1 answered 3505", "erase 1", "keep 2 sent", "send 2"])
    #expect(fixture.answer(2, .busy, retryAfterMilliseconds: 1_000) == [])
    #expect(fixture.pass(milliseconds: 2_000) == ["send 2 repeat"])
    // Held for the clerk it was answered, and blocks nobody.
    #expect(
      fixture.answer(2, .operatorUnknown) == ["report 2 held 2011", "keep 3 sent", "send 3"])
    #expect(fixture.request(6, reversal) == ["keep 6"])
    #expect(fixture.answer(3, .operatorUnknown) == ["report 3 held 2011", "send 4"])
    #expect(fixture.answer(4, .eligible) == ["report 4 answered 3501"])
    #expect(fixture.cancel(3) == ["keep 3 sent reversed by 101", "send 101"])
  }

  @Test("forwards what waited in the order of the transaction times, before what is newer")
  func order() {
    var pending = (UInt32(1)...4).map { number in
      let card = CardScheme.healthAccessNumber(serial: 1_000_000_000_000 + UInt64(number))
      return Samples.change(number, Samples.deactivation(card))
    }
    pending[1].request.header.transactionTime = Instant(milliseconds: 1_000)
    var fixture = SessionFixture(pending)
    #expect(fixture.handle(.timePassed) == ["connect 0"])
    let newest = CardScheme.healthAccessNumber(serial: 1_000_000_000_009)
    #expect(fixture.change(9, newest) == ["keep 9"])
    #expect(
      fixture.handle(.connected).filter { $0.hasPrefix("send") }
        == ["send 2 forwarded", "send 1", "send 3", "send 4", "send 9"])
    // One that has to wait holds the newer ones back when they are sent anew.
    #expect(fixture.answer(2, .busy, retryAfterMilliseconds: 90_000) == [])
    #expect(fixture.handle(.connectionLost) == [])
    let start = fixture.time.monotonicMilliseconds
    #expect(fixture.wakeUp() == ["connect 0"])
    #expect(fixture.time.monotonicMilliseconds - start >= 90_000)
    #expect(
      fixture.handle(.connected)
        == ["send 2 repeat forwarded", "send 1 repeat", "send 3 repeat", "send 4 repeat"]
        + ["send 9 repeat"])
  }

  @Test("flags a change as forwarded when it gets too old without, or was refused for it")
  func storedAndForward() {
    var fixture = SessionFixture()
    _ = fixture.change(1)
    _ = fixture.pass(milliseconds: 839_999)
    #expect(fixture.handle(.connected) == ["keep 1 sent", "send 1"])
    #expect(fixture.answer(1, .transactionTimeTooOld) == ["send 1 repeat forwarded"])
    #expect(
      fixture.answer(1, .transactionTimeTooOld) == ["report 1 refused 2503", "erase 1"])
    _ = fixture.handle(.connectionLost)
    _ = fixture.change(2)
    _ = fixture.pass(milliseconds: 840_001)
    #expect(fixture.handle(.connected) == ["keep 2 sent", "send 2 forwarded"])
  }

  @Test("repeats a plain inquiry twice, then tells that there is no answer")
  func plainInquiry() {
    var fixture = connected()
    #expect(fixture.request(1, Samples.inquiry(Samples.card)) == ["send 1"])
    for _ in 0..<2 {
      #expect(fixture.handle(.connectionLost) == [])
      _ = fixture.wakeUp()
      #expect(fixture.handle(.connected) == ["send 1 repeat"])
    }
    #expect(fixture.handle(.connectionLost) == ["report 1 unanswered"])
    #expect(fixture.session.isAtRest)
  }

  @Test("tells at once that no server is there for what is not a change")
  func unreachable() {
    var fixture = SessionFixture(serverCount: 1)
    #expect(fixture.request(1, .echo) == ["connect 0"])
    #expect(fixture.handle(.connectionFailed) == ["report 1 unanswered"])
  }

  @Test("does not repeat a sign-on that replaces the secret")
  func newSecret() {
    var fixture = connected()
    let secret = Secret(bytes: InlineArray(repeating: 0x41))
    _ = fixture.request(
      1, .signOn(secret: .none, newSecret: secret, softwareVersion: "", highestVersion: 1))
    #expect(fixture.handle(.connectionLost) == ["report 1 unanswered"])
  }

  @Test("waits as long as a refusal says, and up to as long again")
  func retryAfter() {
    for seed in UInt64(1)...20 {
      var fixture = SessionFixture(seed: seed)
      _ = fixture.change(1)
      _ = fixture.handle(.connected)
      #expect(fixture.answer(1, .busy, retryAfterMilliseconds: 5_000) == [])
      let start = fixture.time.monotonicMilliseconds
      #expect(fixture.wakeUp() == ["send 1 repeat"])
      #expect((5_000...10_000).contains(fixture.time.monotonicMilliseconds - start))
    }
  }

  @Test("has no more in flight than the server allows")
  func inFlight() {
    var fixture = connected()
    fixture.session.framesInFlightMax = 2
    for number in UInt32(1)...3 {
      let card = CardScheme.healthAccessNumber(serial: 1_000_000_000_000 + UInt64(number))
      _ = fixture.change(number, card)
    }
    #expect(fixture.inFlight.map(\.traceNumber.rawValue) == [1, 2])
    #expect(fixture.answer(2, .deactivated).last == "send 3")
  }

  @Test("goes on after a crash with what was kept, as a repeat where it may have been sent")
  func restarted() {
    let pending = [
      Samples.change(1, isSent: true), Samples.change(2, Samples.deactivation(Samples.otherCard)),
    ]
    var fixture = SessionFixture(pending)
    #expect(fixture.handle(.timePassed) == ["connect 0"])
    #expect(fixture.handle(.connected) == ["send 1 repeat", "keep 2 sent", "send 2"])
  }
}
