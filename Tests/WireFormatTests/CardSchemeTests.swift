import Testing
import TransactionModel

@testable import WireFormat

@Suite("A card number")
struct CardSchemeTests {
  private func number(_ text: String) throws -> CardNumber { try #require(CardNumber(text)) }

  @Test(
    "of the program has the check digit that the Luhn rule gives",
    arguments: [
      (0, "00000000000000"), (1, "00000000000018"), (7_992_739_871, "00079927398713"),
      (9_999_999_999_999, "99999999999993"),
    ] as [(UInt64, String)])
  func numbers(serial: UInt64, expected: String) throws {
    let number = CardScheme.healthAccessNumber(serial: serial)
    #expect(number.revealed == expected)
    #expect(CardScheme.judge(number) == .valid)
    #expect(CardScheme.serial(of: number) == serial)
  }

  @Test("of the program is wrong with any one digit changed", arguments: [1, 2, 3] as [UInt64])
  func singleErrors(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let serial = UInt64.random(in: 0...CardScheme.serialMax, using: &generator)
      let right = Array(CardScheme.healthAccessNumber(serial: serial).revealed.utf8)
      for place in right.indices {
        for digit in UInt8(0x30)...0x39 where digit != right[place] {
          var wrong = right
          wrong[place] = digit
          let changed = try number(String(decoding: wrong, as: UTF8.self))
          #expect(CardScheme.judge(changed) == .wrongCheckDigit, "seed \(seed)")
          #expect(CardScheme.serial(of: changed) == nil)
        }
      }
    }
  }

  @Test(
    "of neither scheme is of wrong form",
    arguments: [
      "1", "1000000000001", "100000000000160", "1000000000001A", "90000001a25123",
      "9000000A125123", "A0000001025123", "9000000112512A", "90000001A2512", "90000001A251234",
      "................",
    ])
  func wrongForm(text: String) throws {
    #expect(CardScheme.judge(try number(text)) == .wrongForm)
  }

  @Test("of the state has any capital letter in the ninth place, and no check rule")
  func benefits() throws {
    for letter in UInt8(0x41)...0x5A {
      let text = "90000001" + String(decoding: [letter], as: UTF8.self) + "25123"
      let number = try number(text)
      #expect(CardScheme.judge(number) == .valid)
      #expect(CardScheme.benefits.judge(number) == .valid)
      #expect(CardScheme.healthAccess.judge(number) == .wrongForm)
      #expect(CardScheme.serial(of: number) == nil)
    }
  }

  @Test("that is blank, or has something behind its padding, is of wrong form")
  func padding() {
    #expect(CardScheme.judge(.blank) == .wrongForm)
    let right = CardScheme.healthAccessNumber(serial: 1)
    for place in 14..<16 {
      let low = right.low & ~(0xFF << UInt64((15 - place) * 8)) | 0x30 << UInt64((15 - place) * 8)
      #expect(CardScheme.judge(CardNumber(high: right.high, low: low)) == .wrongForm)
    }
  }
}
