import COpenSSL

/// AES-256-GCM with one key, used again and again: hides content and proves it unchanged.
///
/// Sealing and opening work in place and allocate nothing. A key must never seal two contents with
/// the same nonce: who knows both sealed forms learns their difference, and can forge others.
@safe
public struct AES256GCM: ~Copyable, @unchecked Sendable {
  public static let keyByteCount = 32

  private let context: OpaquePointer

  /// Takes the key: 32 secret bytes.
  public init(key: [UInt8]) throws(CryptographyError) {
    precondition(key.count == Self.keyByteCount, "AES-256 takes 32 bytes")
    guard let context = unsafe EVP_CIPHER_CTX_new() else {
      throw CryptographyError(call: "EVP_CIPHER_CTX_new")
    }
    guard unsafe EVP_CipherInit_ex(context, EVP_aes_256_gcm(), nil, key, nil, 1) == 1 else {
      unsafe EVP_CIPHER_CTX_free(context)
      throw CryptographyError(call: "EVP_CipherInit_ex")
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_CIPHER_CTX_free(context) }

  // MARK: Content by itself

  /// Seals content in place; the tag and the nonce are needed to open it.
  ///
  /// The associated data is not hidden, and must be the same when the content is opened.
  public mutating func seal(
    _ content: inout MutableRawSpan, nonce: AESGCMNonce, associatedData: RawSpan
  ) -> AESGCMTag {
    begin(nonce, isSealing: true)
    unsafe associatedData.withUnsafeBytes { unsafe authenticate($0) }
    unsafe content.withUnsafeMutableBytes { unsafe transform($0) }
    return finishSealing()
  }

  /// Opens content in place; false when it, the tag, the nonce, the associated data or the key is
  /// not the one of its sealing, and then the content is zero.
  public mutating func open(
    _ content: inout MutableRawSpan, nonce: AESGCMNonce, associatedData: RawSpan, tag: AESGCMTag
  ) -> Bool {
    begin(nonce, isSealing: false)
    unsafe associatedData.withUnsafeBytes { unsafe authenticate($0) }
    unsafe content.withUnsafeMutableBytes { unsafe transform($0) }
    return finishOpening(tag, wiping: &content, in: 0..<content.byteCount)
  }

  // MARK: Content behind a header, in one block

  /// Seals a part of a block in place, and binds another part of it that stays readable.
  ///
  /// The two must not overlap. The header is bound as it stands when this is called: whoever
  /// stores the tag in it has to put back what stood there before opening.
  public mutating func seal(
    _ block: inout MutableRawSpan, content: Range<Int>, header: Range<Int>, nonce: AESGCMNonce
  ) -> AESGCMTag {
    precondition(!content.overlaps(header), "the header would be hidden")
    begin(nonce, isSealing: true)
    transform(&block, content: content, header: header)
    return finishSealing()
  }

  /// Opens a part of a block in place, with another part as associated data; false, and the content
  /// zero, when any of it is not as it was sealed.
  public mutating func open(
    _ block: inout MutableRawSpan, content: Range<Int>, header: Range<Int>, nonce: AESGCMNonce,
    tag: AESGCMTag
  ) -> Bool {
    precondition(!content.overlaps(header), "the header would be hidden")
    begin(nonce, isSealing: false)
    transform(&block, content: content, header: header)
    return finishOpening(tag, wiping: &block, in: content)
  }

  // MARK: Steps

  private func begin(_ nonce: AESGCMNonce, isSealing: Bool) {
    let status = unsafe withUnsafeBytes(of: nonce.words) { region in
      unsafe EVP_CipherInit_ex(
        context, nil, nil, nil, region.baseAddress?.assumingMemoryBound(to: UInt8.self),
        isSealing ? 1 : 0)
    }
    precondition(status == 1, "EVP_CipherInit_ex")
  }

  private func transform(
    _ block: inout MutableRawSpan, content: Range<Int>, header: Range<Int>
  ) {
    unsafe block.withUnsafeMutableBytes { region in
      unsafe authenticate(UnsafeRawBufferPointer(rebasing: region[header]))
      unsafe transform(UnsafeMutableRawBufferPointer(rebasing: region[content]))
    }
  }

  @unsafe
  private func authenticate(_ region: UnsafeRawBufferPointer) {
    guard let start = region.baseAddress, region.count > 0 else { return }
    var byteCount: Int32 = 0
    let status = unsafe EVP_CipherUpdate(
      context, nil, &byteCount, start.assumingMemoryBound(to: UInt8.self), Int32(region.count))
    precondition(status == 1, "EVP_CipherUpdate")
  }

  @unsafe
  private func transform(_ region: UnsafeMutableRawBufferPointer) {
    guard let start = region.baseAddress, region.count > 0 else { return }
    let bytes = unsafe start.assumingMemoryBound(to: UInt8.self)
    var byteCount: Int32 = 0
    let status = unsafe EVP_CipherUpdate(context, bytes, &byteCount, bytes, Int32(region.count))
    precondition(status == 1 && byteCount == Int32(region.count), "EVP_CipherUpdate")
  }

  private func finishSealing() -> AESGCMTag {
    var rest: Int32 = 0
    var nothing: UInt8 = 0
    var words: (UInt64, UInt64) = (0, 0)
    let isDone = unsafe EVP_CipherFinal_ex(context, &nothing, &rest) == 1
    let status = unsafe withUnsafeMutableBytes(of: &words) { region in
      unsafe EVP_CIPHER_CTX_ctrl(
        context, EVP_CTRL_AEAD_GET_TAG, Int32(region.count), region.baseAddress)
    }
    precondition(isDone && status == 1, "EVP_CipherFinal_ex")
    return AESGCMTag(words: words)
  }

  private func finishOpening(
    _ tag: AESGCMTag, wiping block: inout MutableRawSpan, in content: Range<Int>
  ) -> Bool {
    var words = tag.words
    let status = unsafe withUnsafeMutableBytes(of: &words) { region in
      unsafe EVP_CIPHER_CTX_ctrl(
        context, EVP_CTRL_AEAD_SET_TAG, Int32(region.count), region.baseAddress)
    }
    precondition(status == 1, "EVP_CTRL_AEAD_SET_TAG")
    var rest: Int32 = 0
    var nothing: UInt8 = 0
    if unsafe EVP_CipherFinal_ex(context, &nothing, &rest) == 1 { return true }
    // What was not proven is shown to nobody.
    unsafe block.withUnsafeMutableBytes { region in
      _ = unsafe UnsafeMutableRawBufferPointer(rebasing: region[content])
        .initializeMemory(as: UInt8.self, repeating: 0)
    }
    return false
  }
}
