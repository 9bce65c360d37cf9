import Cryptography
import Testing

@Suite("Ed25519")
struct Ed25519Tests {
  /// Tests 1 and 2 of RFC 8032, section 7.1.
  static let examples = [
    (
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
  ]

  @Test("makes and checks the standard's signatures, and no others", arguments: 0..<examples.count)
  func standard(_ index: Int) throws {
    let example = Self.examples[index]
    let seed = AES256GCMTests.bytes(example.seed)
    let message = AES256GCMTests.bytes(example.message)
    let publicKey = try Ed25519.publicKey(seed: seed)
    #expect(AES256GCMTests.digits(publicKey) == example.publicKey)
    let signature = try Ed25519.sign(message, seed: seed)
    #expect(AES256GCMTests.digits(signature) == example.signature)
    #expect(Ed25519.isValid(signature, of: message, publicKey: publicKey))
    #expect(!Ed25519.isValid(signature, of: message + [0], publicKey: publicKey))
    for bit in stride(from: 0, to: 512, by: 5) {
      var changed = signature
      changed[bit / 8] ^= 1 << (bit % 8)
      #expect(!Ed25519.isValid(changed, of: message, publicKey: publicKey))
    }
  }
}
