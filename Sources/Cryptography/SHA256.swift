import COpenSSL

/// A SHA-256 computation, used again and again.
///
/// Nothing is allocated here per digest; OpenSSL 3.0 makes one allocation of about a hundred bytes
/// inside each, which its provider interface leaves no way around.
@safe
public struct SHA256: ~Copyable, @unchecked Sendable {
  private let algorithm: OpaquePointer
  private let context: OpaquePointer

  public init() {
    guard let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil),
      let context = unsafe EVP_MD_CTX_new()
    else { preconditionFailure("libcrypto has no SHA-256") }
    unsafe self.algorithm = algorithm
    unsafe self.context = context
    begin()
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
    unsafe EVP_MD_free(algorithm)
  }

  /// Takes more of the content.
  public mutating func update(_ bytes: RawSpan) {
    let status = unsafe bytes.withUnsafeBytes { region in
      unsafe EVP_DigestUpdate(context, region.baseAddress, region.count)
    }
    precondition(status == 1, "EVP_DigestUpdate")
  }

  /// The digest of what was taken since the last one; the next begins empty.
  public mutating func finish() -> SHA256Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let status = unsafe withUnsafeMutableBytes(of: &words) { region in
      unsafe EVP_DigestFinal_ex(
        context, region.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
    }
    precondition(status == 1, "EVP_DigestFinal_ex")
    begin()
    return SHA256Digest(
      words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
  }

  /// The digest of one piece of content.
  public mutating func digest(of bytes: RawSpan) -> SHA256Digest {
    update(bytes)
    return finish()
  }

  /// The digest of one piece of content, for callers that need only one.
  public static func digest(of bytes: RawSpan) -> SHA256Digest {
    var computation = SHA256()
    return computation.digest(of: bytes)
  }

  private func begin() {
    let status = unsafe EVP_DigestInit_ex2(context, algorithm, nil)
    precondition(status == 1, "EVP_DigestInit_ex2")
  }
}
