import Cryptography
import Testing

@Suite("HKDF")
struct KeyDerivationTests {
  struct Example: Sendable {
    let key: [UInt8]
    let salt: [UInt8]
    let label: [UInt8]
    let output: String
  }

  /// Test cases 1 to 3 of RFC 5869, appendix A.
  static let examples = [
    Example(
      key: [UInt8](repeating: 0x0b, count: 22), salt: Array(0x00...0x0c),
      label: Array(0xf0...0xf9),
      output: "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    ),
    Example(
      key: Array(0x00...0x4f), salt: Array(0x60...0xaf), label: Array(0xb0...0xff),
      output: "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
        + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
        + "cc30c58179ec3e87c14c01d5c1f3434f1d87"),
    Example(
      key: [UInt8](repeating: 0x0b, count: 22), salt: [], label: [],
      output: "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    ),
  ]

  @Test("gives the keys of RFC 5869's examples", arguments: examples)
  func derive(_ example: Example) throws {
    let output = try KeyDerivation.derive(
      key: example.key, salt: example.salt, label: example.label,
      byteCount: example.output.count / 2)
    let digits = output.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(digits == example.output)
  }
}
