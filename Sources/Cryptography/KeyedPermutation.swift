import COpenSSL

/// A secret shuffle of the integers of a fixed width: every value has one image, and back.
///
/// Made of a Feistel network, whose inverse is the same rounds in reverse. The halves pass through
/// AES-128 with a key of its own for each width. Ten rounds, as NIST SP 800-38G has for small
/// domains: with fewer, halves of 30 bits would show after some ten thousand known pairs.
///
/// It hides how many there are and which follows which; it does not make a guess less likely to hit
/// than the share of values in use.
@safe
public struct KeyedPermutation: ~Copyable, @unchecked Sendable {
  private static let roundCount: UInt64 = 10
  private static let keyByteCount = 16

  /// The width of the integers; values are below two to its power.
  public let bitCount: Int

  private let context: OpaquePointer
  private let halfBitCount: UInt64
  private let halfMask: UInt64
  /// The images of a stretch of values, and the number of the stretch.
  private var stretch = InlineArray<64, UInt64>(repeating: 0)
  private var stretchNumber: UInt64?

  /// Makes the shuffle that belongs to 32 secret bytes and an even width from 2 to 62 bits.
  public init(key: [UInt8], bitCount: Int = 60) throws(CryptographyError) {
    precondition(key.count == 32 && (2...62).contains(bitCount) && bitCount.isMultiple(of: 2))
    let label = Array("posd keyed permutation \(bitCount)".utf8)
    let roundKey = try KeyDerivation.derive(
      key: key, salt: [], label: label, byteCount: Self.keyByteCount)
    guard let context = unsafe EVP_CIPHER_CTX_new() else {
      throw CryptographyError(call: "EVP_CIPHER_CTX_new")
    }
    guard unsafe EVP_EncryptInit_ex(context, EVP_aes_128_ecb(), nil, roundKey, nil) == 1,
      unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1
    else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw CryptographyError(call: "EVP_EncryptInit_ex")
    }
    unsafe self.context = context
    self.bitCount = bitCount
    halfBitCount = UInt64(bitCount / 2)
    halfMask = 1 << UInt64(bitCount / 2) - 1
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  /// The image of a value.
  public mutating func image(of value: UInt64) -> UInt64 {
    precondition(value >> UInt64(bitCount) == 0, "wider than the permutation")
    var left = value >> halfBitCount
    var right = value & halfMask
    for round in 0..<Self.roundCount {
      (left, right) = (right, left ^ scrambled(right, round: round))
    }
    return left << halfBitCount | right
  }

  /// The image of one of many values that come one after the other.
  ///
  /// The images of a whole stretch are made together: the cipher's calls cost more than the cipher,
  /// and so each call serves all. The width has to be that of a stretch at least.
  public mutating func imageInSequence(of value: UInt64) -> UInt64 {
    precondition(value >> UInt64(bitCount) == 0, "wider than the permutation")
    let count = UInt64(stretch.count)
    if stretchNumber != value / count { makeStretch(value / count) }
    return stretch[Int(value % count)]
  }

  private mutating func makeStretch(_ number: UInt64) {
    precondition(bitCount >= 6, "a stretch is wider than the permutation")
    var left = InlineArray<64, UInt64>(repeating: 0)
    var right = left
    for index in stretch.indices {
      let value = number * UInt64(stretch.count) + UInt64(index)
      left[index] = value >> halfBitCount
      right[index] = value & halfMask
    }
    var blocks = InlineArray<128, UInt64>(repeating: 0)
    for round in 0..<Self.roundCount {
      for index in stretch.indices {
        blocks[2 * index] = round.bigEndian
        blocks[2 * index + 1] = right[index].bigEndian
      }
      encrypt(&blocks)
      for index in stretch.indices {
        let scrambled = UInt64(bigEndian: blocks[2 * index + 1]) & halfMask
        (left[index], right[index]) = (right[index], left[index] ^ scrambled)
      }
    }
    for index in stretch.indices { stretch[index] = left[index] << halfBitCount | right[index] }
    stretchNumber = number
  }

  /// The value that has this image.
  public mutating func preimage(of image: UInt64) -> UInt64 {
    precondition(image >> UInt64(bitCount) == 0, "wider than the permutation")
    var left = image >> halfBitCount
    var right = image & halfMask
    for round in (0..<Self.roundCount).reversed() {
      (left, right) = (right ^ scrambled(left, round: round), left)
    }
    return left << halfBitCount | right
  }

  private mutating func scrambled(_ half: UInt64, round: UInt64) -> UInt64 {
    var block = (round.bigEndian, half.bigEndian)
    encrypt(&block)
    return UInt64(bigEndian: block.1) & halfMask
  }

  /// Encrypts whole blocks in place.
  private func encrypt<Blocks: BitwiseCopyable>(_ blocks: inout Blocks) {
    unsafe withUnsafeMutableBytes(of: &blocks) { region in
      let start = unsafe region.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var byteCount: Int32 = 0
      let status = unsafe EVP_EncryptUpdate(
        context, start, &byteCount, start, Int32(region.count))
      precondition(status == 1 && byteCount == Int32(region.count), "EVP_EncryptUpdate")
    }
  }
}
