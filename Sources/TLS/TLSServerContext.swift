import COpenSSL

/// What a server needs to take connections: its certificate, and whose clients it accepts.
///
/// It does not change after it was made: a new certificate needs a new context, and sessions made
/// from the old one go on.
public struct TLSServerContext: Sendable {
  let context: TLSContext

  /// Accepts only clients with a certificate of the given authority.
  ///
  /// The certificate must name client authentication as its use. There are no session tickets, no
  /// session cache and no early data: each connection verifies its certificate anew. Files are PEM;
  /// the private key has no passphrase.
  public init(
    certificateChainFile: String,
    privateKeyFile: String,
    clientAuthorityFile: String,
    minimumVersion: TLSVersion = .tls13
  ) throws(TLSError) {
    let context = try TLSContext(
      isServer: true, serverName: nil, versions: minimumVersion...TLSVersion.tls13)
    try context.useCertificate(chainFile: certificateChainFile, privateKeyFile: privateKeyFile)
    try context.trust(authorityFile: clientAuthorityFile)
    // What the server names as acceptable helps a client with several certificates to choose.
    let names = unsafe SSL_load_client_CA_file(clientAuthorityFile)
    guard unsafe names != nil else {
      throw .authorityUnreadable(source: clientAuthorityFile, reason: takeErrorText())
    }
    unsafe SSL_CTX_set_client_CA_list(context.pointer, names)
    unsafe SSL_CTX_set_verify(
      context.pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT
    ) { isAccepted, store in
      unsafe requireUsage(UInt32(XKU_SSL_CLIENT), isAccepted, store)
    }
    self.context = context
  }
}
