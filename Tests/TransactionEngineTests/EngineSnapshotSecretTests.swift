import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

/// Who tries secrets must not gain tries by a restart from a snapshot.
@Suite("A snapshot of an engine whose operator tries secrets")
struct EngineSnapshotSecretTests {
  @Test("counts the wrong ones on, and keeps the lock", arguments: 0...6)
  func wrongSecrets(before: Int) throws {
    var line = Line(try FixtureEngine())
    func isWrong() throws -> Bool {
      let tried = try line.send(Scene.signOn(with: "wrong-secret"), from: .hastyOperator)
      #expect([.operatorSecretWrong, .operatorLocked].contains(tried.code))
      return tried.code == .operatorSecretWrong
    }
    var wrongCount = 0
    for _ in 0..<before { wrongCount += try isWrong() ? 1 : 0 }
    let records = line.engine.records
    var engine = try EngineFile.replayed(records, Fixture.settings)
    let restored = try EngineFile.restored(EngineFile.bytes(&engine), Fixture.settings)
    line.engine = FixtureEngine(restored, knowing: records, Fixture.settings, at: line.time)
    while wrongCount < 10, try isWrong() { wrongCount += 1 }
    #expect(wrongCount == 5)
    #expect(try line.send(Scene.signOn, from: .hastyOperator).code == .operatorLocked)
  }
}
