import Installation
import Testing

@testable import LoadTest

@Suite("A plan")
struct PlanTests {
  static func plan(_ json: String) throws -> LoadPlan {
    try LoadPlan(LoadPlan.members(json: Array(json.utf8), file: "plan.json"), file: "plan.json")
  }

  @Test("is read from a file")
  func read() throws {
    let plan = try Self.plan(
      """
      {"connections": 4, "gateway": true, "terminals": 40, "arrivals": "uniform",
       "staircase": "1000:5,2000:2.5", "warm_up_seconds": 0.5, "mix": "inquiry=9,update=1",
       "keys": "zipf:0.8", "seed": 7, "cards": 500, "first_card": 100, "active_cards": 300,
       "swipes_per_connection": 1, "storm_after_seconds": 2, "slow_clients": 1,
       "repeat_share": 0.01, "malformed_share": 0.02, "answer_seconds": 3, "give_up_seconds": 4}
      """)
    #expect(plan.connections == 4 && plan.usesGateway && plan.terminals == 40)
    #expect(plan.loop == .open(.uniform))
    #expect(plan.stages.map(\.rate) == [1_000, 2_000] && plan.measuredSeconds == 7.5)
    #expect(plan.mix == MessageMix("inquiry=9,update=1"))
    #expect(plan.keys == .zipf(exponent: 0.8))
    #expect(plan.activeCards == 300 && plan.firstCard == 100 && plan.seed == 7)
    #expect(plan.swipesPerConnection == 1 && plan.stormAfterSeconds == 2 && plan.slowClients == 1)
  }

  @Test("has defaults that fit together")
  func defaults() throws {
    #expect(try Self.plan("{}") == LoadPlan())
    #expect(LoadPlan().contradictions == [])
  }

  @Test("has a terminal for each connection and each slow client")
  func terminals() throws {
    #expect(try Self.plan(#"{"connections": 5, "slow_clients": 2}"#).terminals == 7)
  }

  @Test(
    "is refused by the name of what is wrong in it",
    arguments: [
      (#"{"connections": 0}"#, "connections"),
      (#"{"rate": 0}"#, "rate"),
      (#"{"rate": "fast"}"#, "rate"),
      (#"{"seconds": 100000}"#, "seconds"),
      (#"{"mix": "inquiry=90,lunch=1"}"#, "mix"),
      (#"{"mix": "inquiry=0"}"#, "mix"),
      (#"{"keys": "pareto"}"#, "keys"),
      (#"{"loop": "round"}"#, "loop"),
      (#"{"in_flight": 4}"#, "in_flight"),
      (#"{"loop": "closed", "in_flight": 65}"#, "in_flight"),
      (#"{"staircase": "1000"}"#, "staircase"),
      (#"{"staircase": "1000:1", "rate": 5}"#, "staircase"),
      (#"{"repeat_share": 2}"#, "repeat_share"),
      (#"{"repeat_share": 0.6, "malformed_share": 0.6}"#, "shares"),
      (#"{"terminals": 3}"#, "terminal"),
      (#"{"loop": "closed", "search_p99_milliseconds": 5}"#, "search"),
      (#"{"seconds": 4000, "search_p99_milliseconds": 5}"#, "probes"),
      (#"{"cards": 10, "active_cards": 11}"#, "active"),
      (#"{"storm_after_seconds": 11}"#, "storm"),
      (#"{"color": 1}"#, "color"),
      ("[]", "object"),
      ("{", "JSON"),
    ])
  func refused(json: String, place: String) {
    #expect {
      _ = try Self.plan(json)
    } throws: { error in
      "\(error)".contains(place)
    }
  }

  @Test("keeps as many cards blank as its activations take")
  func blankCards() {
    var plan = LoadPlan()
    plan.cards = 1_000
    plan.mix = MessageMix([(.activate, 1), (.inquiry, 9)])
    plan.stages = [LoadPlan.Stage(rate: 100, seconds: 10)]
    plan.warmUpSeconds = 0
    #expect(plan.activeCardsWanted == 880)
    plan.stages[0].rate = 10_000
    #expect(plan.activeCardsWanted == 500)
    plan.mix = MessageMix([(.inquiry, 1)])
    #expect(plan.activeCardsWanted == 1_000)
  }
}

@Suite("The target")
struct TargetTests {
  @Test(
    "is this machine unless another one is allowed",
    arguments: [
      ("localhost", true), ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true),
      ("10.0.0.1", false), ("0.0.0.0", false), ("::", false), ("posd.example", false),
    ])
  func loopback(host: String, isLocal: Bool) {
    #expect(LoadTarget.isLoopback(host) == isLocal)
  }
}

@Suite("A threshold")
struct ThresholdTests {
  static let result: LoadResult = {
    var result = LoadResult(plan: LoadPlan(), server: "x")
    result.seconds = 2
    var kind = KindResult()
    for milliseconds in 1...100 { kind.latencies.record(UInt64(milliseconds) * 1_000_000) }
    kind.codes = [3_501: 98, 4_001: 2]
    kind.lostCount = 3
    result.kinds = [(kind: .inquiry, result: kind)]
    return result
  }()

  @Test(
    "is passed or holds",
    arguments: [
      ("inquiry.p99>5ms", true), ("inquiry.p99>99.5ms", false), ("inquiry.p50>49000us", true),
      ("inquiry.p50>51ms", false), ("all.max>0.09s", true), ("all.max>101ms", false),
      ("inquiry.rate<51", true), ("inquiry.rate<50", false), ("inquiry.lost>2", true),
      ("inquiry.lost>3", false), ("all.busy>1%", true), ("all.busy>2%", false),
      ("inquiry.mean>50ms", true), ("inquiry.mean>51ms", false), ("all.wrong>0", false),
      ("update.p99>5ms", true), ("update.lost>0", false),
    ])
  func holds(text: String, isPassed: Bool) throws {
    let threshold = try #require(Threshold(text))
    #expect((threshold.failure(of: Self.result) != nil) == isPassed)
  }

  @Test(
    "is refused when it says nothing",
    arguments: [
      "", "inquiry.p99", "inquiry>5ms", "lunch.p99>5ms", "inquiry.p0>5ms", "inquiry.p101>5ms",
      "inquiry.p99>5", "inquiry.p99>ms", "inquiry.rate<5ms", "all.wrong>0%", "inquiry.p99=5ms",
    ])
  func refused(text: String) {
    #expect(Threshold(text) == nil)
  }
}
