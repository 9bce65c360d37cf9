import SimulatedStorage
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

/// Sign-ons, wrong secrets, unlocks and new secrets in any order, by a seed.
@Suite("Sessions after a restart")
struct SessionReplayTests {
  static let speakers = [
    Speaker.clinic, .secondOperator, .hastyOperator, .newTerminal, .pharmacy,
  ]

  @Test(
    "are those from before it, and so are the tries that are left",
    arguments: 1...20 as ClosedRange<UInt64>)
  func alike(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var line = Line(try FixtureEngine(signingOn: []))
    var secrets = Dictionary(
      Self.speakers.map { ($0.operatorID, Fixture.secret) }, uniquingKeysWith: { first, _ in first }
    )
    for number in 0..<400 {
      let speaker = Self.speakers.randomElement(using: &random) ?? .clinic
      let secret = secrets[speaker.operatorID] ?? Fixture.secret
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3: try line.send(OperatorSecretTests.wrong, from: speaker)
      case 3..<6: try line.send(Scene.signOn(with: secret), from: speaker)
      case 6: try line.send(.signOff, from: speaker)
      case 7:
        let new = Fixture.secret("chosen \(number)")
        let signOn = try line.send(Scene.signOn(with: secret, replacingBy: new), from: speaker)
        if signOn.code == .approved { secrets[speaker.operatorID] = new }
      case 8:
        _ = line.engine.engine.register(
          .operatorUnlock(speaker.operatorID), by: Fixture.author, at: line.time)
      default:
        let issued = try line.engine.engine.issueSecret(
          for: speaker.operatorID, by: Fixture.author, at: line.time)
        secrets[speaker.operatorID] = Fixture.secret(issued.secret)
      }
      line.advance(milliseconds: 1)
    }
    var codes: Set<ResponseCode> = []
    var other = line
    other.engine = try line.engine.replayed()
    for speaker in Self.speakers {
      let secret = secrets[speaker.operatorID] ?? Fixture.secret
      let probes = [
        Scene.inquire(Fixture.card(0)), Scene.signOn(with: secret), OperatorSecretTests.wrong,
        OperatorSecretTests.wrong, Scene.signOn(with: secret),
      ]
      for probe in [probes[0]] + Array(probes.dropFirst(Int.random(in: 1...2, using: &random))) {
        let step = line.step(probe, from: speaker)
        let answer = try line.send(step)
        codes.insert(answer.code)
        #expect(try other.send(step).bytes == answer.bytes, "seed \(seed)")
      }
    }
    #expect(codes.count > 2, "seed \(seed): \(codes)")
    #expect(other.engine.records == line.engine.records, "seed \(seed)")
  }
}
