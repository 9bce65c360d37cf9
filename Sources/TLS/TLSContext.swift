import COpenSSL
import Glibc

/// Certificate, key, trust and protocol limits, shared by every session made from them.
///
/// It does not change after it was made, so any thread may make sessions from it. A new certificate
/// needs a new context; sessions of the old one go on.
@safe
final class TLSContext: @unchecked Sendable {
  let pointer: OpaquePointer
  /// The name a client asks for in its first message (SNI); nil for servers and for addresses.
  let serverName: String?

  /// Key agreement: forward secrecy only, the quicker one first.
  private static let groups = "X25519:P-256"

  /// Of TLS 1.2, what has forward secrecy and authenticated encryption (RFC 9325, section 4.2).
  private static let cipherSuites12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"
    + ":ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384"
    + ":ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"

  /// Keys and signatures of at least 112 bits of strength: RSA from 2048 bits, no SHA-1.
  private static let securityLevel: Int32 = 2

  init(
    isServer: Bool, serverName: String?, versions: ClosedRange<TLSVersion>
  ) throws(TLSError) {
    ERR_clear_error()
    let method = unsafe isServer ? TLS_server_method() : TLS_client_method()
    guard let pointer = unsafe SSL_CTX_new(method) else { throw .library("SSL_CTX_new") }
    unsafe self.pointer = pointer
    self.serverName = serverName
    unsafe SSL_CTX_set_security_level(pointer, Self.securityLevel)
    unsafe SSL_CTX_set_default_passwd_cb(pointer, refusePassphrase)
    guard unsafe COpenSSL_set_minimum_version(pointer, versions.lowerBound.number) == 1,
      unsafe COpenSSL_set_maximum_version(pointer, versions.upperBound.number) == 1,
      unsafe SSL_CTX_set_cipher_list(pointer, Self.cipherSuites12) == 1,
      unsafe COpenSSL_set_groups(pointer, Self.groups) == 1,
      unsafe SSL_CTX_set_num_tickets(pointer, 0) == 1
    else { throw .library("protocol limits") }
    _ = unsafe SSL_CTX_set_options(
      pointer,
      COpenSSL_OP_NO_TICKET | COpenSSL_OP_NO_RENEGOTIATION | COpenSSL_OP_NO_COMPRESSION
        | COpenSSL_OP_CIPHER_SERVER_PREFERENCE)
    unsafe COpenSSL_set_session_cache_off(pointer)
    unsafe COpenSSL_set_mode(
      pointer, Int(SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
    // One read call for each record instead of two.
    unsafe COpenSSL_set_read_ahead(pointer, 1)
  }

  deinit { unsafe SSL_CTX_free(pointer) }

  func useCertificate(chainFile: String, privateKeyFile: String) throws(TLSError) {
    ERR_clear_error()
    defer { ERR_clear_error() }
    guard unsafe SSL_CTX_use_certificate_chain_file(pointer, chainFile) == 1 else {
      throw .certificateUnreadable(source: chainFile, reason: takeErrorText())
    }
    guard unsafe SSL_CTX_use_PrivateKey_file(pointer, privateKeyFile, SSL_FILETYPE_PEM) == 1 else {
      // OpenSSL compares the key with the certificate as it takes it.
      let code = ERR_peek_error()
      guard COpenSSL_is_key_mismatch(code) == 0 else {
        throw .privateKeyMismatch(source: privateKeyFile)
      }
      throw .privateKeyUnreadable(source: privateKeyFile, reason: takeErrorText())
    }
  }

  func trust(authorityFile: String) throws(TLSError) {
    ERR_clear_error()
    guard unsafe SSL_CTX_load_verify_file(pointer, authorityFile) == 1 else {
      throw .authorityUnreadable(source: authorityFile, reason: takeErrorText())
    }
  }
}

/// Refuses a peer whose own certificate does not name the given extended key usage.
///
/// OpenSSL alone lets a certificate pass that names no use at all.
func requireUsage(
  _ usage: UInt32, _ isAccepted: Int32, _ store: OpaquePointer?
) -> Int32 {
  guard isAccepted == 1, unsafe X509_STORE_CTX_get_error_depth(store) == 0 else {
    return isAccepted
  }
  let certificate = unsafe X509_STORE_CTX_get_current_cert(store)
  let isNamed = unsafe X509_get_extension_flags(certificate) & UInt32(EXFLAG_XKUSAGE) != 0
  if isNamed, unsafe X509_get_extended_key_usage(certificate) & usage != 0 { return 1 }
  unsafe X509_STORE_CTX_set_error(store, X509_V_ERR_INVALID_PURPOSE)
  return 0
}
