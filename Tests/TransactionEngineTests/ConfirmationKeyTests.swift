import Cryptography
import EligibilityPolicy
import Support
import Testing
import TransactionModel
import WriteAheadLog

@testable import TransactionEngine

@Suite("The key of confirmation numbers")
struct ConfirmationKeyTests {
  private func engine(key: UInt8) throws -> TransactionEngine {
    try TransactionEngine(
      settings: EngineSettings(environment: .test), policy: .compiledIn,
      confirmationKey: [UInt8](repeating: key, count: 32), hashSeed: 0)
  }

  @Test("is known again by its log, and another is refused", arguments: [1, 2] as [UInt8])
  func isKnownAgain(key: UInt8) throws {
    var first = try engine(key: 1)
    first.markConfirmationKey(at: Fixture.start)
    var second = try engine(key: key)
    var refusal: ReplayError?
    first.batch.forEachRecord { record in
      do throws(ReplayError) { try second.replay(record) } catch { refusal = error }
    }
    let position = LogPosition(rawValue: 1)
    #expect(refusal == (key == 1 ? nil : .foreignConfirmationKey(at: position)))
  }
}
