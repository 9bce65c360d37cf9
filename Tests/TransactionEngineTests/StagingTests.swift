import EligibilityIndex
import EligibilityPolicy
import Support
import Testing
import TransactionModel
import WireFormat
import WriteAheadLog

@testable import TransactionEngine

@Suite("Staging")
struct StagingTests {
  @Test("a batch without room lets changes wait and inquiries pass")
  func noRoom() throws {
    var engine = try TransactionEngine(
      settings: Fixture.settings, policy: .compiledIn,
      confirmationKey: FixtureEngine.confirmationKey, hashSeed: 1)
    for change in Fixture.register {
      #expect(engine.register(change, by: Fixture.author, at: Fixture.start) != nil)
    }
    var line = Line(try FixtureEngine())
    #expect(!decide(&engine, line.step(Scene.signOn)).mustWaitForRoom)
    // Room for one transaction more, by the most that one can take.
    var full = LogBatch(
      byteCapacity: 4096, after: engine.batch.lastPosition,
      newestServerTimeMilliseconds: Fixture.start.milliseconds)
    while full.hasRoom(bodyByteCount: TransactionRecord.byteCountMax + 24) {
      _ = full.append(
        kind: 1, serverTimeMilliseconds: Fixture.start.milliseconds, maximumByteCount: 0
      ) { _ in }
    }
    engine.batch = full
    let change = line.step(Scene.activate(Fixture.card(0)))
    let next = line.step(Scene.activate(Fixture.card(1)))
    #expect(!decide(&engine, change).mustWaitForRoom)
    let last = engine.batch.lastPosition

    for waiting in [
      next, line.step(Scene.signOn), line.step(Scene.inquire(Fixture.card(0), .verify)),
    ] {
      #expect(decide(&engine, waiting).mustWaitForRoom)
    }
    #expect(engine.batch.lastPosition == last, "what waits leaves no record")
    #expect(engine.index.find(Fixture.card(1)).isAbsent, "what waits changes nothing")
    for passing in [line.step(.echo), line.step(Scene.inquire(Fixture.card(0)))] {
      #expect(!decide(&engine, passing).mustWaitForRoom)
    }

    var spare = LogBatch(byteCapacity: 4096, after: .zero, newestServerTimeMilliseconds: 0)
    engine.batch.exchange(with: &spare)
    #expect(decide(&engine, next).waitPosition == last.next)
  }

  @Test("where one transaction has room, a sign-on with a new secret has room for both records")
  func roomForTwo() throws {
    var engine = try TransactionEngine(
      settings: EngineSettings(environment: Fixture.environment), policy: .compiledIn,
      confirmationKey: FixtureEngine.confirmationKey, hashSeed: 1)
    for change in Fixture.register {
      #expect(engine.register(change, by: Fixture.author, at: Fixture.start) != nil)
    }
    var full = LogBatch(
      byteCapacity: 4096, after: engine.batch.lastPosition,
      newestServerTimeMilliseconds: Fixture.start.milliseconds)
    while full.hasRoom(bodyByteCount: TransactionRecord.byteCountMax + 24) {
      _ = full.append(
        kind: 1, serverTimeMilliseconds: Fixture.start.milliseconds, maximumByteCount: 0
      ) { _ in }
    }
    engine.batch = full
    let last = engine.batch.lastPosition
    var line = Line(try FixtureEngine())
    let body = Scene.signOn(
      with: Fixture.secret, replacingBy: Fixture.secret("chosen by me"))
    let signOn = decide(&engine, line.step(body))
    #expect(signOn.waitPosition == last.next.next)
  }

  private func decide(_ engine: inout TransactionEngine, _ step: TransactionStep) -> Disposition {
    var reply = FrameBuffer()
    var digester = RequestDigester()
    let bytes = step.frame
    let request = FrameView(whole: unsafe bytes.span.bytes)
    let digest = digester.digest(of: request)
    return engine.decide(
      request, step.body.messageType, digest: digest, from: step.identity, at: step.serverTime,
      changesAvailable: true, into: &reply)
  }

  @Test("the committer is told when something is staged, and not before")
  func hasStaged() throws {
    var line = Line(try FixtureEngine())
    _ = line.engine.records
    #expect(!line.engine.engine.hasStaged)
    try line.send(.echo)
    try line.send(Scene.inquire(Fixture.card(0)))
    #expect(!line.engine.engine.hasStaged)
    try line.send(Scene.activate(Fixture.card(0)))
    #expect(line.engine.engine.hasStaged)
    _ = line.engine.records
    #expect(!line.engine.engine.hasStaged)
  }

  @Test("a request staged in one batch is seen by the next request of that batch")
  func sameBatch() throws {
    var line = Line(try FixtureEngine())
    try line.send(Scene.activate(Fixture.card(0)))
    #expect(try line.send(Scene.activate(Fixture.card(0))).code == .alreadyActive)
    #expect(try line.send(Scene.deactivate(Fixture.card(0))).code == .deactivated)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .notEligibleOnDate)
  }

  @Test("a change keeps its digest whatever bits say that it was sent before or kept")
  func digest() throws {
    var digester = RequestDigester()
    var line = Line(try FixtureEngine())
    let frame = line.step(Scene.activate(Fixture.card(0))).frame
    let original = digester.digest(of: FrameView(whole: unsafe frame.span.bytes))
    for bit in 0..<(frame.count * 8) {
      var other = frame
      other[bit / 8] ^= 1 << UInt8(bit % 8)
      let isIgnored =
        bit / 8 == HeaderLayout.flags.offset
        && [FrameFlags.repeat.rawValue, FrameFlags.storedAndForward.rawValue]
          .contains(1 << UInt8(bit % 8))
      let digest = digester.digest(of: FrameView(whole: unsafe other.span.bytes))
      #expect((digest == original) == isIgnored, "bit \(bit)")
    }
  }
}
