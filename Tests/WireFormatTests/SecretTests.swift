import Testing
import WireFormat

@Suite("An operator's secret")
struct SecretTests {
  @Test(
    "is 8 to 16 printable ASCII characters",
    arguments: [
      ("", false), ("1234567", false), ("12345678", true), ("1234567890123456", true),
      ("12345678901234567", false), ("with spaces", true), ("tab\tin it", false),
      ("delete\u{7F}it", false), ("contraseña", false), ("zero\u{0}in it", false),
      ("~ !\"#$%&'", true),
    ])
  func forms(text: String, isOne: Bool) {
    #expect((Secret(text) != nil) == isOne)
  }

  @Test("is padded with zero bytes, and with nothing else")
  func padding() throws {
    let secret = try #require(Secret("example-501"))
    for index in 0..<16 {
      let byte = index < 11 ? Array("example-501".utf8)[index] : 0
      #expect(secret.bytes[index] == byte)
    }
    for index in 12..<16 {
      var other = secret
      other.bytes[index] = 0x41
      #expect(!other.isWellFormed, "a character after the end")
    }
    #expect(!Secret.none.isWellFormed)
  }

  @Test("is shown by nothing that prints it")
  func hidden() throws {
    let secret = try #require(Secret("example-501"))
    #expect(!"\(secret)".contains("example") && !String(reflecting: secret).contains("101"))
  }
}
