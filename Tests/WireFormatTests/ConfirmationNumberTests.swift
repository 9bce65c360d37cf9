import Testing
import TransactionModel

@testable import WireFormat

@Suite("A confirmation number")
struct ConfirmationNumberTests {
  private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

  private func samples(_ seed: UInt64, _ count: Int) -> [ConfirmationNumber] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
      ConfirmationNumber(
        kind: index % 2 == 0 ? .real : .training,
        permuted: UInt64.random(in: 0..<1 << 60, using: &generator))
    }
  }

  @Test(
    "has the check digit of the specification",
    arguments: [
      (.real, 0, "R000000000000F"), (.training, 0, "T000000000000B"),
      (.real, (1 << 60) - 1, "RZZZZZZZZZZZZV"), (.real, 1, "R000000000001D"),
    ] as [(ConfirmationNumber.Kind, UInt64, String)])
  func known(kind: ConfirmationNumber.Kind, permuted: UInt64, text: String) {
    #expect(ConfirmationNumber(kind: kind, permuted: permuted).description == text)
    #expect(ConfirmationNumber(text)?.permuted == permuted)
  }

  @Test("is read back as written", arguments: [1, 2, 3] as [UInt64])
  func roundTrip(seed: UInt64) {
    let edges = [0, 1, 31, 32, (1 << 60) - 1].map {
      ConfirmationNumber(kind: .real, permuted: $0)
    }
    for number in samples(seed, 500) + edges {
      #expect(ConfirmationNumber(number.description) == number, "seed \(seed)")
      #expect(number.description.utf8.count == ConfirmationNumber.byteCount)
      #expect(number.description.utf8.allSatisfy { Self.alphabet.contains($0) })
    }
  }

  @Test("is refused with any one character changed, its kind too", arguments: [4, 5] as [UInt64])
  func singleErrors(seed: UInt64) {
    for number in samples(seed, 50) {
      let right = Array(number.description.utf8)
      for place in right.indices {
        for character in Self.alphabet + Array("ILOUabz -".utf8) where character != right[place] {
          var wrong = right
          wrong[place] = character
          let text = String(decoding: wrong, as: UTF8.self)
          #expect(ConfirmationNumber(text) == nil, "seed \(seed), place \(place)")
        }
      }
    }
  }

  @Test("is refused at any other length", arguments: ["", "R", "R000000000000", "R000000000000FF"])
  func lengths(text: String) {
    #expect(ConfirmationNumber(text) == nil)
  }

  @Test("catches swaps of neighbours but for those of first and last digit of the alphabet")
  func swaps() {
    var missed: Set<[UInt8]> = []
    for number in samples(6, 2000) {
      let right = Array(number.description.utf8)
      for place in 1..<12 where right[place] != right[place + 1] {
        var wrong = right
        wrong.swapAt(place, place + 1)
        guard ConfirmationNumber(String(decoding: wrong, as: UTF8.self)) != nil else { continue }
        missed.insert([right[place], right[place + 1]].sorted())
      }
    }
    #expect(missed.isSubset(of: [Array("0Z".utf8)]))
  }
}
