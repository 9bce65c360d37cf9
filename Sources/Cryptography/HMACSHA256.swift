import COpenSSL

/// Authentication codes of messages under one key: HMAC with SHA-256 (RFC 2104).
///
/// Whoever lacks the key can neither make the code of a message nor find a message that has a code.
@safe
public struct HMACSHA256: ~Copyable, @unchecked Sendable {
  private let context: OpaquePointer

  /// Takes the key, at best 32 secret bytes.
  public init(key: [UInt8]) throws(CryptographyError) {
    precondition(!key.isEmpty, "a key of no bytes")
    guard let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else {
      throw CryptographyError(call: "EVP_MAC_fetch")
    }
    defer { unsafe EVP_MAC_free(algorithm) }
    guard let context = unsafe EVP_MAC_CTX_new(algorithm) else {
      throw CryptographyError(call: "EVP_MAC_CTX_new")
    }
    guard unsafe COpenSSL_begin_hmac_sha256(context, key, key.count) == 1 else {
      unsafe EVP_MAC_CTX_free(context)
      throw CryptographyError(call: "EVP_MAC_init")
    }
    unsafe self.context = context
  }

  deinit { unsafe EVP_MAC_CTX_free(context) }

  /// The code of one message.
  public mutating func code(of message: RawSpan) -> SHA256Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    var byteCount = 0
    // Without a key it begins anew under the one that it has.
    let status = unsafe message.withUnsafeBytes { source in
      unsafe withUnsafeMutableBytes(of: &words) { target in
        unsafe EVP_MAC_init(context, nil, 0, nil) == 1
          && EVP_MAC_update(
            context, source.baseAddress?.assumingMemoryBound(to: UInt8.self), source.count) == 1
          && EVP_MAC_final(
            context, target.baseAddress?.assumingMemoryBound(to: UInt8.self), &byteCount,
            target.count) == 1
      }
    }
    precondition(status && byteCount == SHA256Digest.byteCount, "EVP_MAC_final")
    return SHA256Digest(
      words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
  }

  /// The code of a message of a fixed length.
  public mutating func code<let byteCount: Int>(
    of message: InlineArray<byteCount, UInt8>
  ) -> SHA256Digest {
    unsafe code(of: message.span.bytes)
  }
}
