import Cryptography
import Support
import Testing
import TransactionModel
import WireFormat

@Suite("Confirmation numbers")
struct ConfirmationTests {
  @Test("are unique, pass their check, and lead back to the record's position")
  func leadBack() throws {
    var line = Line(try FixtureEngine())
    var permutation = try KeyedPermutation(key: FixtureEngine.confirmationKey)
    var seen: Set<ConfirmationNumber> = []
    for number in UInt64(0)..<200 {
      let isTraining = number % 3 == 0
      let exchange = try line.send(
        number % 2 == 0
          ? Scene.activate(Fixture.card(number)) : Scene.inquire(Fixture.card(number), .verify),
        flags: isTraining ? .training : [])
      let confirmation = try #require(exchange.outcome?.confirmation)
      #expect(confirmation.kind == (isTraining ? .training : .real))
      #expect(permutation.preimage(of: confirmation.permuted) == exchange.position.rawValue)
      #expect(ConfirmationNumber(confirmation.description) == confirmation)
      seen.insert(confirmation)
    }
    #expect(seen.count == 200)
  }

  @Test("are given to every change, declined or not, and to nothing else")
  func whoGetsOne() throws {
    var line = Line(try FixtureEngine())
    let card = Fixture.card(0)
    let changes = [
      Scene.activate(card), Scene.activate(card), Scene.activate(Fixture.unknownCard(0)),
      Scene.update(card, expecting: 1, SampleForm.emptyUpdate),
      Scene.update(card, expecting: 1, SampleForm.emptyUpdate), Scene.inquire(card, .verify),
      Scene.inquire(card, .reaffirm), Scene.deactivate(card), Scene.deactivate(card),
    ]
    for change in changes {
      #expect(try line.send(change).outcome?.confirmation?.kind == .real)
    }
    let inquiry = try line.send(Scene.inquire(card))
    #expect(inquiry.outcome != nil && inquiry.outcome?.confirmation == nil)
  }
}
