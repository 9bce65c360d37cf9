import Cryptography
import Testing

@Suite("The keyed permutation")
struct KeyedPermutationTests {
  private let key = (0..<32).map { UInt8($0) }

  @Test("takes every value of a small width to another, and back", arguments: [2, 8, 16])
  func exhaustive(_ bitCount: Int) throws {
    var permutation = try KeyedPermutation(key: key, bitCount: bitCount)
    var isTaken = [Bool](repeating: false, count: 1 << bitCount)
    for value in 0..<UInt64(1 << bitCount) {
      let image = permutation.image(of: value)
      #expect(image >> UInt64(bitCount) == 0 && !isTaken[Int(image)])
      isTaken[Int(image)] = true
      #expect(permutation.preimage(of: image) == value)
    }
  }

  @Test("has an inverse on 60 bits")
  func inverse() throws {
    var permutation = try KeyedPermutation(key: key)
    let seed: UInt64 = 60
    var value = seed
    for _ in 0..<2000 {
      value = (value &* 6_364_136_223_846_793_005 &+ 1) & (1 << 60 - 1)
      let image = permutation.image(of: value)
      #expect(image >> 60 == 0)
      #expect(permutation.preimage(of: image) == value, "seed \(seed)")
    }
    #expect(permutation.preimage(of: permutation.image(of: 1 << 60 - 1)) == 1 << 60 - 1)
  }

  @Test("gives the same images in sequence, over the ends of stretches and out of order")
  func sequence() throws {
    var permutation = try KeyedPermutation(key: key)
    var alone = try KeyedPermutation(key: key)
    let largest: UInt64 = 1 << 60 - 1
    let values = Array(0..<UInt64(200)) + [63, 64, 1 << 40, 5, largest, largest - 63, largest - 64]
    for value in values {
      #expect(permutation.imageInSequence(of: value) == alone.image(of: value), "of \(value)")
    }
    var narrow = try KeyedPermutation(key: key, bitCount: 6)
    for value in 0..<UInt64(64) {
      #expect(narrow.imageInSequence(of: value) == narrow.image(of: value))
    }
  }

  @Test("gives neighbours images that share about half of their bits")
  func scatter() throws {
    var permutation = try KeyedPermutation(key: key)
    var differing = 0
    for value in 0..<UInt64(500) {
      differing += (permutation.image(of: value) ^ permutation.image(of: value + 1)).nonzeroBitCount
    }
    #expect((28 * 500...32 * 500).contains(differing))
  }

  @Test("is another one under another key and for another width")
  func keys() throws {
    var permutation = try KeyedPermutation(key: key)
    var otherKey = try KeyedPermutation(key: key.reversed())
    var otherWidth = try KeyedPermutation(key: key, bitCount: 58)
    let values = 0..<UInt64(50)
    #expect(values.allSatisfy { permutation.image(of: $0) != otherKey.image(of: $0) })
    #expect(values.allSatisfy { permutation.image(of: $0) != otherWidth.image(of: $0) })
  }
}
