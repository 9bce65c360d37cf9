import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("TerminalSession, refused or cancelled,")
struct TerminalSessionRefusalTests {
  private func withChangeInFlight(isRepeated: Bool = false) -> SessionFixture {
    var fixture = SessionFixture()
    _ = fixture.change(1)
    _ = fixture.handle(.connected)
    if isRepeated {
      _ = fixture.handle(.connectionLost)
      _ = fixture.wakeUp()
      _ = fixture.handle(.connected)
    }
    return fixture
  }

  /// What each refusal comes to when it is the first answer, and when an earlier copy may have
  /// been carried out.
  static let refusals: [(ResponseCode, first: String, repeated: String)] = [
    (.valueOutOfRange, "refused", "unknown"), (.versionUnknown, "refused", "unknown"),
    (.terminalNotOfCertificate, "refused", "unknown"), (.terminalUnknown, "held", "held"),
    (.terminalBlocked, "held", "held"), (.certificateExpired, "held", "held"),
    (.environmentMismatch, "refused", "unknown"), (.siteNotActive, "held", "held"),
    (.operatorNotSignedOn, "held", "held"), (.operatorUnknown, "held", "held"),
    (.roleNotPermitted, "refused", "refused"), (.traceNumberReused, "refused", "refused"),
    (.tooOldInquire, "refused", "unknown"), (.transactionTimeAhead, "held", "held"),
    (.trainingInBatch, "refused", "refused"), (.busy, "repeated", "repeated"),
    (.changesUnavailable, "repeated", "repeated"), (.shuttingDown, "repeated", "repeated"),
    (.notAvailable, "refused", "refused"), (ResponseCode(rawValue: 1_900), "refused", "unknown"),
    (ResponseCode(rawValue: 2_400), "held", "held"),
    (ResponseCode(rawValue: 2_900), "refused", "unknown"),
    (ResponseCode(rawValue: 4_900), "repeated", "repeated"),
  ]

  @Test("repeats, holds or ends a change as codes.csv says", arguments: refusals)
  func refusal(code: ResponseCode, first: String, repeated: String) {
    for (isRepeated, wanted) in [(false, first), (true, repeated)] {
      var fixture = withChangeInFlight(isRepeated: isRepeated)
      let actions = fixture.answer(1, code)
      switch wanted {
      case "repeated":
        #expect(actions == [])
        #expect(fixture.wakeUp() == ["send 1 repeat"])
      case "held":
        #expect(actions == ["report 1 held \(code.rawValue)"])
        #expect(fixture.session.isAtRest)
        #expect(fixture.change(2) == ["keep 2"], "a later change on the card passed it")
        #expect(fixture.change(3, Samples.otherCard) == ["keep 3 sent", "send 3"])
        #expect(fixture.request(4, Samples.inquiry(Samples.card)) == [], "it came after change 2")
        #expect(fixture.handle(.resumed) == ["send 1 repeat"])
      default:
        #expect(actions == ["report 1 \(wanted) \(code.rawValue)", "erase 1"])
      }
    }
  }

  @Test("knows what to do with every refusal that there is")
  func everyRefusal() {
    for entry in CodeTable.entries {
      guard let code = entry.code, code.isRefusal, code != .transactionTimeTooOld,
        code != .operatorSecretWrong, code != .operatorLocked,
        code != .newSecretNeeded
      else { continue }
      let isKnown =
        Self.refusals.contains { $0.0 == code } || code.responseClass == .format
      #expect(isKnown, "\(entry.mnemonic)")
    }
  }

  @Test("takes a code outside every range for no answer")
  func unknownCode() throws {
    var fixture = withChangeInFlight()
    var reply = try #require(fixture.reply(1, .deactivated))
    for code: UInt16 in [1, 999, 5_000, 65_535] {
      reply.header.code = ResponseCode(rawValue: code)
      #expect(fixture.handle(.received(reply)) == [])
    }
    #expect(fixture.session.strayReplyCount == 4)
  }

  @Test("goes on with held changes when their operator has signed on")
  func signOn() throws {
    var fixture = withChangeInFlight()
    _ = fixture.answer(1, .operatorNotSignedOn)
    _ = fixture.change(2, Samples.otherCard)
    _ = fixture.answer(2, .terminalBlocked)
    #expect(fixture.session.needsSignOn(OperatorID(rawValue: 501)))
    #expect(!fixture.session.needsSignOn(OperatorID(rawValue: 502)))
    #expect(fixture.request(3, Samples.signOn) == ["send 3"])
    #expect(fixture.answer(3, .approved) == ["report 3 answered 3500", "send 1 repeat"])
    #expect(fixture.answer(1, .deactivated) == ["report 1 answered 3505", "erase 1"])
  }

  @Test("lets an inquiry pass a change that is held, and a change never")
  func inquiryPasses() {
    var fixture = withChangeInFlight()
    _ = fixture.answer(1, .siteNotActive)
    #expect(fixture.request(2, Samples.inquiry(Samples.card)) == ["send 2"])
    #expect(fixture.change(3) == ["keep 3"])
    #expect(fixture.handle(.resumed) == [], "the inquiry is on its way")
    #expect(fixture.answer(2, .eligible) == ["report 2 answered 3501", "send 1 repeat"])
  }

  @Test("stays held when the sign-on is refused, or is another operator's")
  func otherSignOn() throws {
    var fixture = withChangeInFlight()
    _ = fixture.answer(1, .operatorNotSignedOn)
    _ = fixture.request(3, Samples.signOn)
    #expect(fixture.answer(3, .operatorSecretWrong) == ["report 3 answered 2012"])
    var other = Samples.request(4, Samples.signOn)
    other.header.operatorID = OperatorID(rawValue: 502)
    _ = fixture.handle(.requested(other))
    #expect(fixture.answer(4, .approved) == ["report 4 answered 3500"])
  }

  // MARK: Cancelled

  @Test("forgets a change that was never sent, before it says so")
  func cancelUnsent() {
    var fixture = SessionFixture()
    _ = fixture.change(1)
    #expect(fixture.cancel(1) == ["erase 1", "report 1 cancelled"])
    #expect(fixture.handle(.connected) == [])
  }

  @Test(
    "sends a reversal in the place of a change that may have been sent, until it is answered",
    arguments: [ResponseCode.reversed, .reversalRemembered, .notReversible])
  func cancelSent(code: ResponseCode) {
    var fixture = withChangeInFlight()
    #expect(fixture.change(2) == ["keep 2"])
    #expect(fixture.cancel(1) == ["keep 1 sent reversed by 101", "send 101"])
    #expect(fixture.cancel(1) == [], "it is cancelled already")
    #expect(fixture.handle(.connectionLost) == [])
    #expect(fixture.wakeUp() == ["connect 0"])
    #expect(fixture.handle(.connected) == ["send 101 repeat"])
    #expect(
      fixture.answer(101, code)
        == ["report 1 cancelled \(code.rawValue)", "erase 1", "keep 2 sent", "send 2"])
  }

  @Test("throws the answer away that comes when the change is cancelled already")
  func lateAnswer() throws {
    var fixture = withChangeInFlight()
    let answer = try #require(fixture.reply(1, .deactivated))
    _ = fixture.cancel(1)
    #expect(fixture.handle(.received(answer)) == [])
    #expect(fixture.session.strayReplyCount == 1)
    #expect(fixture.answer(101, .reversed) == ["report 1 cancelled 3507", "erase 1"])
  }

  @Test("goes on with the reversal after a crash")
  func reversalAfterCrash() {
    var change = Samples.change(1, isSent: true)
    change.reversal = change.reversalBody.map { Samples.request(101, $0) }
    var fixture = SessionFixture([change])
    _ = fixture.handle(.timePassed)
    #expect(fixture.handle(.connected) == ["send 101 repeat"])
    #expect(fixture.cancel(1) == [])
    #expect(fixture.answer(101, .reversed) == ["report 1 cancelled 3507", "erase 1"])
  }

  @Test("cannot say what became of a change whose reversal is refused for good")
  func reversalRefused() {
    var fixture = withChangeInFlight()
    _ = fixture.cancel(1)
    #expect(fixture.answer(101, .roleNotPermitted) == ["report 1 unknown 2020", "erase 1"])
  }

  @Test("gives up a stored inquiry, which cannot be reversed")
  func cancelInquiry() {
    var fixture = SessionFixture()
    _ = fixture.request(
      1, .inquiry(card: Samples.card, dateOfService: Samples.date, purpose: .verify))
    #expect(fixture.handle(.connected) == ["keep 1 sent", "send 1"])
    #expect(fixture.cancel(1) == ["report 1 unknown", "erase 1"])
  }
}
