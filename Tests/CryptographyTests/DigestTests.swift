import Cryptography
import Testing

@Suite("SHA-256")
struct DigestTests {
  @Test(
    "gives the digests of FIPS 180-4's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func examples(_ text: String, _ expected: String) {
    let bytes = Array(text.utf8)
    #expect(SHA256.digest(of: unsafe bytes.span.bytes).description == expected)
  }

  @Test("is the same however the content is cut", arguments: 0...65)
  func pieces(_ cut: Int) {
    let bytes = (0..<65).map { UInt8($0) }
    var computation = SHA256()
    unsafe computation.update(bytes.span.bytes.extracting(first: cut))
    unsafe computation.update(bytes.span.bytes.extracting(droppingFirst: cut))
    let whole = unsafe SHA256.digest(of: bytes.span.bytes)
    #expect(computation.finish() == whole)
    #expect(unsafe computation.digest(of: bytes.span.bytes) == whole, "begins empty again")
  }

  @Test("stores and loads its bytes in their order, at any offset")
  func bytes() {
    let digest = unsafe SHA256.digest(of: Array("abc".utf8).span.bytes)
    var storage = [UInt8](repeating: 0, count: 35)
    var elements = storage.mutableSpan
    var region = unsafe elements.mutableBytes
    digest.store(into: &region, at: 3)
    #expect(storage[3] == 0xBA && storage[34] == 0xAD)
    #expect(unsafe SHA256Digest(storage.span.bytes, at: 3) == digest)
    #expect(digest.first128Bits == 0xba78_16bf_8f01_cfea_4141_40de_5dae_2223)
  }
}
