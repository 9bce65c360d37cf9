import COpenSSL

/// Signatures that anybody can check and only the holder of 32 secret bytes can make (RFC 8032).
public enum Ed25519 {
  public static let seedByteCount = 32
  public static let publicKeyByteCount = 32
  public static let signatureByteCount = 64

  /// The public key that belongs to 32 secret bytes.
  public static func publicKey(seed: [UInt8]) throws(CryptographyError) -> [UInt8] {
    unsafe try withPrivateKey(seed) { key throws(CryptographyError) in
      var bytes = [UInt8](repeating: 0, count: publicKeyByteCount)
      var byteCount = bytes.count
      guard unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &byteCount) == 1,
        byteCount == publicKeyByteCount
      else { throw CryptographyError(call: "EVP_PKEY_get_raw_public_key") }
      return bytes
    }
  }

  /// Signs a message; the same message gives the same signature.
  public static func sign(
    _ message: [UInt8], seed: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    unsafe try withPrivateKey(seed) { key throws(CryptographyError) in
      guard let context = unsafe EVP_MD_CTX_new() else {
        throw CryptographyError(call: "EVP_MD_CTX_new")
      }
      defer { unsafe EVP_MD_CTX_free(context) }
      var signature = [UInt8](repeating: 0, count: signatureByteCount)
      var byteCount = signature.count
      guard unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
        unsafe EVP_DigestSign(context, &signature, &byteCount, message, message.count) == 1,
        byteCount == signatureByteCount
      else { throw CryptographyError(call: "EVP_DigestSign") }
      return signature
    }
  }

  /// Whether a signature is of this message and this key's holder.
  public static func isValid(
    _ signature: [UInt8], of message: [UInt8], publicKey: [UInt8]
  ) -> Bool {
    guard signature.count == signatureByteCount, publicKey.count == publicKeyByteCount else {
      return false
    }
    defer { ERR_clear_error() }
    guard
      let key = unsafe EVP_PKEY_new_raw_public_key(
        EVP_PKEY_ED25519, nil, publicKey, publicKey.count)
    else { return false }
    defer { unsafe EVP_PKEY_free(key) }
    guard let context = unsafe EVP_MD_CTX_new() else { return false }
    defer { unsafe EVP_MD_CTX_free(context) }
    return unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
      && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }

  private static func withPrivateKey<Value>(
    _ seed: [UInt8], _ body: (OpaquePointer) throws(CryptographyError) -> Value
  ) throws(CryptographyError) -> Value {
    precondition(seed.count == seedByteCount, "Ed25519 takes 32 bytes")
    guard
      let key = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
    else { throw CryptographyError(call: "EVP_PKEY_new_raw_private_key") }
    defer { unsafe EVP_PKEY_free(key) }
    return unsafe try body(key)
  }
}
