import Testing

@testable import TransactionEngine

@Suite("Numbers of places")
struct PlaceNumbersTests {
  @Test("stay what they are while more come")
  func growth() {
    var numbers = PlaceNumbers()
    #expect(numbers[0] == 0 && numbers[1_000_000] == 0)
    for place in stride(from: 0, to: 100_000, by: 7) { numbers[place] = place + 1 }
    let wrong = (0..<200_000).filter {
      numbers[$0] != ($0 < 100_000 && $0 % 7 == 0 ? $0 + 1 : 0)
    }
    #expect(wrong == [])
  }
}
