import Cryptography
import Testing

@Suite("AES-256-GCM")
struct AES256GCMTests {
  struct Example: Sendable {
    let key: [UInt8]
    let nonce: [UInt8]
    let content: [UInt8]
    let associatedData: [UInt8]
    let sealed: String
    let tag: String
  }

  /// Test cases 13, 14 and 16 of the algorithm's submission to NIST (McGrew and Viega, appendix B).
  static let examples = [
    Example(
      key: [UInt8](repeating: 0, count: 32), nonce: [UInt8](repeating: 0, count: 12), content: [],
      associatedData: [], sealed: "", tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    Example(
      key: [UInt8](repeating: 0, count: 32), nonce: [UInt8](repeating: 0, count: 12),
      content: [UInt8](repeating: 0, count: 16), associatedData: [],
      sealed: "cea7403d4d606b6e074ec5d3baf39d18", tag: "d0d1c8a799996bf0265b98b5d48ab919"),
    Example(
      key: bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"),
      nonce: bytes("cafebabefacedbaddecaf888"),
      content: bytes(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"),
      associatedData: bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
      sealed: "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
      tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  static func bytes(_ digits: String) -> [UInt8] {
    let digits = Array(digits)
    return stride(from: 0, to: digits.count, by: 2).map { index in
      UInt8(String(digits[index..<index + 2]), radix: 16) ?? 0
    }
  }

  static func digits(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  @Test("seals and opens the standard's examples, by one context in any order", arguments: examples)
  func standard(_ example: Example) throws {
    var cipher = try AES256GCM(key: example.key)
    let nonce = AESGCMNonce(of: example.nonce)
    for _ in 0..<3 {
      var content = example.content
      var tag = [UInt8](repeating: 0, count: 16)
      content.change { bytes in
        let made = cipher.seal(
          &bytes, nonce: nonce, associatedData: example.associatedData.testBytes)
        tag.change { made.store(into: &$0, at: 0) }
      }
      #expect(Self.digits(content) == example.sealed && Self.digits(tag) == example.tag)
      let isOpen = content.change { bytes in
        cipher.open(
          &bytes, nonce: nonce, associatedData: example.associatedData.testBytes,
          tag: AESGCMTag(of: tag))
      }
      #expect(isOpen && content == example.content)
    }
  }

  @Test("seals a part of a block and binds its header")
  func block() throws {
    var cipher = try AES256GCM(key: (0..<32).map { UInt8($0) })
    let plain = (0..<100).map { UInt8($0) }
    let nonce = AESGCMNonce(number: 7)
    var block = plain
    let tag = block.change { cipher.seal(&$0, content: 40..<90, header: 0..<20, nonce: nonce) }
    #expect(Array(block[..<40]) == Array(plain[..<40]) && block[90...] == plain[90...])
    #expect(block[40..<90] != plain[40..<90])
    for bit in 0..<800 {
      var changed = block
      changed[bit / 8] ^= 1 << (bit % 8)
      let isOpen = changed.change {
        cipher.open(&$0, content: 40..<90, header: 0..<20, nonce: nonce, tag: tag)
      }
      let isBound = bit / 8 < 20 || (40..<90).contains(bit / 8)
      #expect(isOpen == !isBound, "bit \(bit)")
      if !isOpen { #expect(changed[40..<90].allSatisfy { $0 == 0 }) }
    }
    #expect(
      block.change {
        cipher.open(&$0, content: 40..<90, header: 0..<20, nonce: nonce, tag: tag)
      })
    #expect(block == plain)
  }

  @Test("opens nothing with another key, nonce or tag")
  func wrongSecrets() throws {
    let key = (0..<32).map { UInt8($0) }
    var cipher = try AES256GCM(key: key)
    let nonce = AESGCMNonce(prefix: 1, number: 2)
    let nothing: [UInt8] = []
    var sealed: [UInt8] = [1, 2, 3]
    let tag = sealed.change { cipher.seal(&$0, nonce: nonce, associatedData: nothing.testBytes) }
    var tagBytes = [UInt8](repeating: 0, count: 16)
    tagBytes.change { tag.store(into: &$0, at: 0) }
    func opens(_ cipher: inout AES256GCM, _ nonce: AESGCMNonce, _ tag: AESGCMTag) -> Bool {
      var copy = sealed
      return copy.change {
        cipher.open(&$0, nonce: nonce, associatedData: nothing.testBytes, tag: tag)
      }
    }
    #expect(opens(&cipher, nonce, tag))
    for bit in 0..<256 {
      var other = key
      other[bit / 8] ^= 1 << (bit % 8)
      var otherCipher = try AES256GCM(key: other)
      #expect(!opens(&otherCipher, nonce, tag))
    }
    for bit in 0..<128 {
      var other = tagBytes
      other[bit / 8] ^= 1 << (bit % 8)
      #expect(!opens(&cipher, nonce, AESGCMTag(of: other)))
    }
    #expect(!opens(&cipher, AESGCMNonce(prefix: 0, number: 2), tag))
    #expect(!opens(&cipher, AESGCMNonce(prefix: 1, number: 3), tag))
  }

  @Test("nonces and tags are stored as they are read")
  func storage() {
    let bytes = (1...16).map { UInt8($0) }
    var copy = [UInt8](repeating: 0, count: 16)
    copy.change { AESGCMNonce(of: bytes).store(into: &$0, at: 0) }
    #expect(Array(copy.prefix(12)) == Array(bytes.prefix(12)) && copy[12] == 0)
    copy.change { AESGCMTag(of: bytes).store(into: &$0, at: 0) }
    #expect(copy == bytes)
    #expect(
      AESGCMNonce(of: bytes) == AESGCMNonce(prefix: 0x0102_0304, number: 0x0506_0708_090A_0B0C))
    #expect(AESGCMNonce.random() != AESGCMNonce.random())
  }
}

extension [UInt8] {
  var testBytes: RawSpan {
    @_lifetime(borrow self)
    get { unsafe span.bytes }
  }

  mutating func change<Value>(_ body: (inout MutableRawSpan) -> Value) -> Value {
    var elements = mutableSpan
    var region = unsafe elements.mutableBytes
    return body(&region)
  }
}

extension AESGCMTag {
  init(of bytes: [UInt8]) {
    let span = bytes.testBytes
    self.init(span)
  }
}

extension AESGCMNonce {
  init(of bytes: [UInt8]) {
    let span = bytes.testBytes
    self.init(span)
  }
}
