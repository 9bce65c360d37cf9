import Cryptography
import Testing

@Suite("HMAC")
struct HMACTests {
  struct Example: Sendable {
    let key: [UInt8]
    let message: [UInt8]
    let code: String
  }

  /// Test cases 1 to 3 and 7 of RFC 4231.
  static let examples = [
    Example(
      key: [UInt8](repeating: 0x0b, count: 20), message: Array("Hi There".utf8),
      code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    Example(
      key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8),
      code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    Example(
      key: [UInt8](repeating: 0xaa, count: 20), message: [UInt8](repeating: 0xdd, count: 50),
      code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    Example(
      key: [UInt8](repeating: 0xaa, count: 131),
      message: Array(
        ("This is a test using a larger than block-size key and a larger than block-size data. "
          + "The key needs to be hashed before being used by the HMAC algorithm.").utf8),
      code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
  ]

  @Test("gives the codes of RFC 4231's examples, the second time as the first", arguments: examples)
  func code(_ example: Example) throws {
    var authenticator = try HMACSHA256(key: example.key)
    for _ in 0..<2 {
      let code = authenticator.code(of: unsafe example.message.span.bytes)
      #expect("\(code)" == example.code)
    }
  }

  @Test("gives another code for another key and for a message with any one bit flipped")
  func differs() throws {
    let message = InlineArray<24, UInt8>(repeating: 0x5A)
    var authenticator = try HMACSHA256(key: [UInt8](repeating: 1, count: 32))
    var other = try HMACSHA256(key: [UInt8](repeating: 2, count: 32))
    let code = authenticator.code(of: message)
    #expect(other.code(of: message) != code)
    for bit in 0..<(24 * 8) {
      var changed = message
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(authenticator.code(of: changed) != code, "bit \(bit)")
    }
  }
}
