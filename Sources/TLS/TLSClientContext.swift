import COpenSSL

/// What a client needs to reach one server: whom it trusts, and who it is.
public struct TLSClientContext: Sendable {
  let context: TLSContext

  /// Accepts only a server of the given authority under the expected host.
  ///
  /// The server's certificate must carry the host name or IP address as an alternative name, word
  /// for word (no wildcards), and name server authentication as its use. Files are PEM; the private
  /// key has no passphrase.
  public init(
    authorityFile: String,
    certificateFile: String? = nil,
    privateKeyFile: String? = nil,
    expectedHost: String,
    versions: ClosedRange<TLSVersion> = .tls13 ... .tls13
  ) throws(TLSError) {
    precondition((certificateFile == nil) == (privateKeyFile == nil), "certificate without key")
    guard !expectedHost.isEmpty, expectedHost.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw .nameUnusable(expectedHost)
    }
    defer { ERR_clear_error() }
    let address = unsafe a2i_IPADDRESS(expectedHost)
    let isAddress = unsafe address != nil
    unsafe ASN1_OCTET_STRING_free(address)
    let context = try TLSContext(
      isServer: false, serverName: isAddress ? nil : expectedHost, versions: versions)
    if let certificateFile, let privateKeyFile {
      try context.useCertificate(chainFile: certificateFile, privateKeyFile: privateKeyFile)
    }
    try context.trust(authorityFile: authorityFile)
    let checks = unsafe SSL_CTX_get0_param(context.pointer)
    unsafe X509_VERIFY_PARAM_set_hostflags(
      checks, UInt32(X509_CHECK_FLAG_NO_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
    let status =
      isAddress
      ? unsafe X509_VERIFY_PARAM_set1_ip_asc(checks, expectedHost)
      : unsafe X509_VERIFY_PARAM_set1_host(checks, expectedHost, 0)
    guard status == 1 else { throw .nameUnusable(expectedHost) }
    unsafe SSL_CTX_set_verify(context.pointer, SSL_VERIFY_PEER) { isAccepted, store in
      unsafe requireUsage(UInt32(XKU_SSL_SERVER), isAccepted, store)
    }
    self.context = context
  }
}
