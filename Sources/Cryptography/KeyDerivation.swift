import COpenSSL

/// Keys made from a key: HKDF with SHA-256 (RFC 5869).
public enum KeyDerivation {
  /// The most that one derivation gives: 255 digests.
  public static let outputByteCountMax = 255 * SHA256Digest.byteCount

  /// Derives a key that is of no use for finding the master key or keys of other labels.
  ///
  /// All depends on the key; the salt is random, not secret, and may be empty; the label says what
  /// the derived key is for ("info" in the RFC).
  public static func derive(
    key: [UInt8], salt: [UInt8], label: [UInt8], byteCount: Int
  ) throws(CryptographyError) -> [UInt8] {
    precondition((1...outputByteCountMax).contains(byteCount))
    guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nil) else {
      throw CryptographyError(call: "EVP_PKEY_CTX_new_id")
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    guard unsafe EVP_PKEY_derive_init(context) == 1,
      unsafe EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1,
      unsafe EVP_PKEY_CTX_set1_hkdf_key(context, key, Int32(key.count)) == 1,
      unsafe EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1,
      unsafe EVP_PKEY_CTX_add1_hkdf_info(context, label, Int32(label.count)) == 1
    else { throw CryptographyError(call: "EVP_PKEY_CTX_set_hkdf") }
    var output = [UInt8](repeating: 0, count: byteCount)
    var outputByteCount = byteCount
    guard unsafe EVP_PKEY_derive(context, &output, &outputByteCount) == 1,
      outputByteCount == byteCount
    else { throw CryptographyError(call: "EVP_PKEY_derive") }
    return output
  }
}
