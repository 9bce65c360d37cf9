import LoadTest
import Synchronization
import Testing
import TransactionModel
import WireFormat

/// What a load test does about a server that is right, and not always there.
@Suite("The load test's patience")
struct RecoveryTests {
  @Test(
    "sends again what a connection's end has left unanswered, and finds it done once",
    arguments: [true, false])
  func connectionLost(isAnswered: Bool) throws {
    let server = try StubServer { answer in
      guard answer.index % 40 == 39 else { return }
      if !isAnswered { answer.bytes = [] }
      answer.endsConnection = true
    }
    let result = try LoadRun(HonestyTests.plan(), server.target).run()
    #expect(result.violations.described == [])
    #expect(result.isRight && result.failure == nil)
    #expect(result.brokenConnectionCount >= 5)
    #expect(result.total.latencies.count == 200)
  }

  @Test("signs operators on again when the server wants it")
  func signedOff() throws {
    let gate = Gate()
    let server = try StubServer(refuse: { index, _ in
      index > HonestyTests.preparedCount && gate.open() ? .operatorNotSignedOn : nil
    })
    let result = try LoadRun(HonestyTests.plan(), server.target).run()
    #expect(result.violations.described == [])
    #expect(result.total.codes[2_010] == nil, "it is no answer")
    #expect(result.total.latencies.count == 200)
  }

  @Test("does not sign on for ever")
  func neverSignedOn() throws {
    let server = try StubServer(refuse: { index, type in
      index > HonestyTests.preparedCount && type == .update ? .operatorNotSignedOn : nil
    })
    let result = try LoadRun(HonestyTests.plan(), server.target).run()
    #expect(result.total.codes[2_010] ?? 0 > 0)
  }

  @Test(
    "counts what the server is too busy for, and knows that nothing has happened",
    arguments: [
      ResponseCode.busy, .changesUnavailable, .shuttingDown, .notAvailable,
    ])
  func busy(code: ResponseCode) throws {
    let server = try StubServer(refuse: { index, type in
      index > HonestyTests.preparedCount && index % 3 == 0 && type == .update ? code : nil
    })
    let result = try LoadRun(HonestyTests.plan(), server.target).run()
    #expect(result.violations.described == [])
    #expect(result.isRight)
    #expect(result.total.codes[code.rawValue] ?? 0 > 0)
    #expect(Threshold("update.busy>0%")?.failure(of: result) != nil)
  }

  @Test("searches until it has the highest rate")
  func search() throws {
    let server = try StubServer()
    var plan = HonestyTests.plan(rate: 100, seconds: 0.1)
    // No server on this planet is slower than that: the search ends at its bound.
    plan.search = LoadPlan.Search(boundMilliseconds: 3_600_000, rateMax: 300)
    plan.mix = MessageMix([(.inquiry, 1)])
    (plan.repeatShare, plan.malformedShare) = (0, 0)
    let result = try LoadRun(plan, server.target).run()
    #expect(result.isRight)
    #expect(result.probes.map(\.rate).prefix(3) == [100, 200, 300])
    #expect(SummaryTable(result).text.contains("highest rate"))
  }

  @Test("does not begin with an operator whose secret is refused")
  func wrongSecret() throws {
    let server = try StubServer(signOnCode: .operatorSecretWrong)
    #expect {
      _ = try LoadRun(HonestyTests.plan(), server.target).run()
    } throws: { error in
      guard case .signOnRefused(1_001, 2_012) = error as? LoadError else { return false }
      return true
    }
  }
}
