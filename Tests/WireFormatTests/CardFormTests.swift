import Testing
import TransactionModel

@testable import WireFormat

@Suite("The form of a card number")
struct CardFormTests {
  /// The rules, character by character.
  private static func judge(_ number: CardNumber, letterPlace: Int?) -> CardScheme.Judgement {
    var sum = 0
    for place in 0..<16 {
      let byte = number.byte(at: place)
      switch place {
      case 14...: if byte != 0x20 { return .wrongForm }
      case letterPlace: if !(0x41...0x5A).contains(byte) { return .wrongForm }
      default:
        guard (0x30...0x39).contains(byte) else { return .wrongForm }
        let digit = Int(byte) - 0x30
        sum += place % 2 == 1 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2
      }
    }
    return letterPlace == nil && sum % 10 != 0 ? .wrongCheckDigit : .valid
  }

  private static let valid = [
    CardScheme.healthAccessNumber(serial: 1_000_000_000_001),
    CardScheme.healthAccessNumber(serial: 9_876_543_210_987),
    CardNumber(high: 0x3930_3030_3030_3030, low: 0x4131_3631_3233_2020),
  ]

  @Test("is judged right with any other character at any place", arguments: valid)
  func everyCharacter(number: CardNumber) {
    for place in 0..<16 {
      for character in UInt64(0)...255 {
        let shift = UInt64((7 - place % 8) * 8)
        let cleared = (place < 8 ? number.high : number.low) & ~(0xFF << shift)
        let word = cleared | character << shift
        let changed =
          place < 8
          ? CardNumber(high: word, low: number.low) : CardNumber(high: number.high, low: word)
        let isRight =
          CardScheme.healthAccess.judge(changed) == Self.judge(changed, letterPlace: nil)
          && CardScheme.benefits.judge(changed) == Self.judge(changed, letterPlace: 8)
        #expect(isRight, "character \(character) at place \(place)")
      }
    }
  }

  @Test("has the check digit that makes the sum right, and no other")
  func checkDigits() {
    var serial: UInt64 = 7
    for _ in 0..<2_000 {
      serial = (serial &* 6_364_136_223_846_793_005 &+ 1) % (CardScheme.serialMax + 1)
      let number = CardScheme.healthAccessNumber(serial: serial)
      #expect(CardScheme.serial(of: number) == serial)
      for other in UInt64(0x30)...0x39 {
        let changed = CardNumber(high: number.high, low: number.low & ~0xFF_0000 | other << 16)
        #expect(
          CardScheme.healthAccess.judge(changed) == Self.judge(changed, letterPlace: nil),
          "serial \(serial)")
      }
    }
  }
}
