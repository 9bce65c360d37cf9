import Cryptography
import Testing

@Suite("Secure random bytes")
struct SecureRandomTests {
  @Test("fill the whole region and nothing twice alike")
  func fill() {
    let bytes = SecureRandom.bytes(count: 4096)
    // The chance that a value is missing from 4096 good bytes is below one in 30,000.
    #expect(Set(bytes).count > 250)
    #expect(SecureRandom.identity() != SecureRandom.identity())
  }
}
