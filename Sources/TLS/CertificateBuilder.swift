import COpenSSL

/// A certificate that is not signed yet.
struct CertificateBuilder: ~Copyable {
  let certificate: CertificateHandle

  private static let version3 = 2
  private static let serialByteCount = 16

  /// Begins a certificate for a holder's key, with a random serial number.
  init(
    commonName: String, validity: CertificateValidity, subjectKey: borrowing KeyHandle
  ) throws(TLSError) {
    ERR_clear_error()
    guard let pointer = unsafe X509_new() else { throw .library("X509_new") }
    let certificate = unsafe CertificateHandle(adopting: pointer)
    let name = unsafe X509_get_subject_name(pointer)
    let text = Array(commonName.utf8)
    guard
      unsafe X509_NAME_add_entry_by_NID(
        name, NID_commonName, MBSTRING_UTF8, text, Int32(text.count), -1, 0) == 1
    else {
      ERR_clear_error()
      throw .nameUnusable(commonName)
    }
    let (start, end) = (validity.notBeforeMilliseconds, validity.notAfterMilliseconds)
    guard unsafe X509_set_version(pointer, Self.version3) == 1,
      unsafe ASN1_TIME_set(X509_getm_notBefore(pointer), Int(start / 1_000)) != nil,
      unsafe ASN1_TIME_set(X509_getm_notAfter(pointer), Int(end / 1_000)) != nil,
      unsafe X509_set_pubkey(pointer, subjectKey.pointer) == 1
    else { throw .library("certificate fields") }
    try Self.setSerialNumber(certificate)
    self.certificate = certificate
  }

  /// A positive number of exactly 16 bytes, 126 bits of them random.
  ///
  /// RFC 5280, section 4.1.2.2: positive, at most 20 bytes, never used twice by one authority.
  private static func setSerialNumber(
    _ certificate: borrowing CertificateHandle
  ) throws(TLSError) {
    var bytes = [UInt8](repeating: 0, count: serialByteCount)
    guard unsafe RAND_bytes(&bytes, Int32(bytes.count)) == 1 else { throw .library("RAND_bytes") }
    bytes[0] = bytes[0] & 0x3F | 0x40
    let number = unsafe BN_bin2bn(bytes, Int32(bytes.count), nil)
    defer { unsafe BN_free(number) }
    let serial = unsafe X509_get_serialNumber(certificate.pointer)
    guard unsafe number != nil, unsafe BN_to_ASN1_INTEGER(number, serial) != nil else {
      throw .library("serial number")
    }
  }

  func setIssuer(_ issuer: borrowing CertificateHandle) throws(TLSError) {
    let name = unsafe X509_get_subject_name(issuer.pointer)
    guard unsafe X509_set_issuer_name(certificate.pointer, name) == 1 else {
      throw .library("issuer")
    }
  }

  /// Adds an extension in OpenSSL's notation, which is never put together from outside text.
  func add(_ identifier: Int32, _ value: String) throws(TLSError) {
    try add(identifier, value, issuer: certificate)
  }

  func addAuthorityKeyIdentifier(of issuer: borrowing CertificateHandle) throws(TLSError) {
    try add(NID_authority_key_identifier, "keyid:always", issuer: issuer)
  }

  private func add(
    _ identifier: Int32, _ value: String, issuer: borrowing CertificateHandle
  ) throws(TLSError) {
    var context = unsafe X509V3_CTX()
    unsafe X509V3_set_ctx(&context, issuer.pointer, certificate.pointer, nil, nil, 0)
    guard let element = unsafe X509V3_EXT_nconf_nid(nil, &context, identifier, value) else {
      throw .library("certificate extension")
    }
    defer { unsafe X509_EXTENSION_free(element) }
    guard unsafe X509_add_ext(certificate.pointer, element, -1) == 1 else {
      throw .library("certificate extension")
    }
  }

  /// Adds the names that the holder is known by, element by element.
  func addAlternativeNames(_ profile: CertificateProfile) throws(TLSError) {
    guard let names = unsafe GENERAL_NAMES_new() else { throw .library("GENERAL_NAMES_new") }
    defer { unsafe GENERAL_NAMES_free(names) }
    for name in profile.dnsNames { try unsafe Self.append(name, GEN_DNS, to: names) }
    for uri in profile.uris { try unsafe Self.append(uri, GEN_URI, to: names) }
    for address in profile.addresses {
      guard !address.utf8.contains(0), let value = unsafe a2i_IPADDRESS(address) else {
        ERR_clear_error()
        throw .nameUnusable(address)
      }
      try unsafe Self.append(value, GEN_IPADD, to: names)
    }
    guard unsafe COpenSSL_name_count(names) > 0 else { return }
    let status = unsafe X509_add1_ext_i2d(
      certificate.pointer, NID_subject_alt_name, UnsafeMutableRawPointer(names), 0,
      UInt(X509V3_ADD_DEFAULT))
    guard status == 1 else { throw .library("alternative names") }
  }

  /// Appends a name of printable ASCII without blanks, the only ones these two types hold.
  private static func append(
    _ name: String, _ type: Int32, to names: OpaquePointer
  ) throws(TLSError) {
    let text = Array(name.utf8)
    guard !text.isEmpty, text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw .nameUnusable(name)
    }
    guard let value = unsafe ASN1_IA5STRING_new() else { throw .library("ASN1_IA5STRING_new") }
    guard unsafe ASN1_STRING_set(value, text, Int32(text.count)) == 1 else {
      unsafe ASN1_STRING_free(value)
      throw .library("ASN1_STRING_set")
    }
    try unsafe append(value, type, to: names)
  }

  private static func append(
    _ value: UnsafeMutablePointer<ASN1_STRING>, _ type: Int32, to names: OpaquePointer
  ) throws(TLSError) {
    guard unsafe COpenSSL_append_name(names, type, value) == 1 else { throw .library("a name") }
  }

  /// Signs, which ends the building.
  consuming func signed(by key: borrowing KeyHandle) throws(TLSError) -> CertificateHandle {
    guard unsafe X509_sign(certificate.pointer, key.pointer, EVP_sha256()) > 0 else {
      throw .library("X509_sign")
    }
    return certificate
  }
}
