import AuditTrail
import LinuxSystem
import Observability
import Synchronization
import Testing
import TransactionModel

@testable import TransactionServer

@Suite("Limits, counters, clock and tables")
struct BookkeepingTests {
  @Test("the limits that ship fit together")
  func defaults() {
    #expect(ServerLimits().contradictions.isEmpty)
    #expect(ServerLimits().framesInFlightStated == 64)
    #expect(ServerLimits().idleSecondsStated == 1_800)
  }

  @Test("limits that contradict each other are all named, and nothing starts")
  func contradictions() throws {
    var limits = ServerLimits()
    limits.framesInFlightMax = 65
    limits.receiveBufferByteCount = 512
    limits.handshakesInFlightMax = 0
    #expect(limits.contradictions.count == 3)
    #expect(throws: ServerError.limitsContradict(limits.contradictions)) {
      try TestServer(limits: limits)
    }
  }

  @Test("counter names are unique, and places fit the table")
  func counterKeys() {
    check(CloseReason.self)
    check(HandshakeFailure.self)
    check(HandshakeEvent.self)
    check(ReactorEvent.self)
    check(FrameKey.self)
    check(ReplyKey.self)
    check(RefusalKey.self)
    #expect(HandshakeFailure.notTLS.counterName == "not_tls")
    #expect(FrameKey(type: .signOn).counterName == "sign_on")
  }

  private func check<Key: CounterKey>(_: Key.Type) {
    let keys = Array(Key.allCases)
    #expect(Set(keys.map(\.counterName)).count == keys.count)
    #expect(Set(keys.map(\.counterIndex)).count == keys.count)
    #expect(keys.allSatisfy { (0..<CounterTable<Key>.capacity).contains($0.counterIndex) })
    let table = CounterTable<Key>()
    for (amount, key) in keys.enumerated() { table.add(UInt64(amount), to: key) }
    for (amount, key) in keys.enumerated() { #expect(table[key] == UInt64(amount)) }
  }

  @Test("a refusal is counted under its code, and a code without a place under other")
  func refusalKeys() {
    for code in 0...5_000 as ClosedRange<UInt16> {
      let name = RefusalKey(ResponseCode(rawValue: code)).counterName
      #expect(name == String(code) || name == "other")
    }
    let known: [ResponseCode] = [
      .frameLengthWrong, .presenceBitUnknown, .terminalNotOfCertificate, .roleNotPermitted,
      .traceNumberReused, .trainingInBatch, .busy, .notAvailable,
    ]
    for code in known { #expect(RefusalKey(code).counterName == String(code.rawValue)) }
  }

  @Test("counts of many threads are all there")
  func manyThreads() async {
    let table = CounterTable<CloseReason>()
    await withTaskGroup { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<10_000 { table.increment(.idle) } }
      }
    }
    #expect(table[.idle] == 40_000)
  }

  @Test("a listing adds up tables and is plain text")
  func listing() {
    let first = CounterTable<CloseReason>()
    let second = CounterTable<CloseReason>()
    first.add(2, to: .idle)
    second.add(3, to: .idle)
    var listing = CounterListing()
    listing.add("before", 1)
    listing.add(first, prefix: "closed_", omittingZeros: true)
    listing.add(second, prefix: "closed_", omittingZeros: true)
    #expect(listing.text == "before 1\nclosed_idle 5\n")
    #expect(listing["closed_idle"] == 5 && listing["nothing"] == 0)
  }

  @Test("only the test environment may set the clock")
  func clock() throws {
    let start = Instant(milliseconds: 1_775_000_000_000)
    #expect(DaemonClock(settingTo: start, environment: .production) == nil)
    let clock = try #require(DaemonClock(settingTo: start, environment: .test))
    let (first, second) = (clock.now, clock.now)
    #expect(start <= first && first <= second)
    #expect(second.milliseconds - start.milliseconds < 10_000)
    let wall = DaemonClock.wall.now.milliseconds
    #expect(wall <= WallClock.nowMilliseconds && WallClock.nowMilliseconds - wall < 10_000)
  }

  @Test("a token finds what it was given for, and nothing after that has gone")
  func slots() {
    final class Thing {}
    var table = SlotTable<Thing>()
    let (first, second, third) = (Thing(), Thing(), Thing())
    let firstToken = table.insert(first)
    let secondToken = table.insert(second)
    #expect(firstToken >= SlotTable<Thing>.firstToken && table.count == 2)
    table.remove(firstToken)
    let thirdToken = table.insert(third)
    #expect(table[firstToken] == nil && table[secondToken] === second)
    #expect(table[thirdToken] === third && table.places.count == 2)
    table.remove(secondToken)
    table.remove(thirdToken)
    #expect(table.isEmpty && table[0] == nil && table[1 << 40] == nil)
  }

  @Test("addresses of version 6 are limited by what one subscriber is given")
  func addressKeys() throws {
    let keys = try ["2001:db8::1", "2001:db8::2:1", "2001:db8:0:1::1", "192.0.2.1"].map {
      try #require(InternetAddress(literal: $0, port: 1)).allowanceKey
    }
    #expect(keys[0] == keys[1] && keys[0] != keys[2] && keys[2] != keys[3])
  }

  @Test("a reactor that waits is woken by the commit it waits for, and only by that")
  func durablePosition() throws {
    let mailbox = try Mailbox<ReactorMessage>()
    var poller = try ReadinessPoller()
    try poller.add(mailbox.rawValue, token: 0, interest: .readable)
    let position = DurablePosition(LogPosition(rawValue: 5))
    let waiter = DurablePosition.Waiter(mailbox)
    position.add(waiter)
    position.publish(LogPosition(rawValue: 6))
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
    #expect(!position.isStill(LogPosition(rawValue: 5), for: waiter))
    #expect(position.isStill(LogPosition(rawValue: 6), for: waiter))
    position.publish(LogPosition(rawValue: 7))
    #expect(poller.wait(timeoutMilliseconds: 0) == 1)
    #expect(mailbox.takeAll().isEmpty)
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
  }
}
