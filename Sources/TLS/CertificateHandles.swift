import COpenSSL

/// A certificate of OpenSSL with one owner.
@safe
struct CertificateHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer

  init(adopting pointer: OpaquePointer) { unsafe self.pointer = pointer }

  /// Reads the first certificate of a PEM text.
  init(pem: [UInt8]) throws(TLSError) {
    ERR_clear_error()
    let bytes = try MemoryBytes()
    try bytes.append(pem)
    guard let pointer = unsafe PEM_read_bio_X509(bytes.pointer, nil, refusePassphrase, nil) else {
      throw .certificateUnreadable(source: "PEM", reason: takeErrorText())
    }
    unsafe self.pointer = pointer
  }

  deinit { unsafe X509_free(pointer) }

  /// Whether it says that its holder may certify others.
  var isAuthority: Bool {
    defer { ERR_clear_error() }
    return unsafe X509_check_ca(pointer) == 1
  }

  func belongs(to key: borrowing KeyHandle) -> Bool {
    defer { ERR_clear_error() }
    return unsafe X509_check_private_key(pointer, key.pointer) == 1
  }

  func pem() throws(TLSError) -> [UInt8] {
    let bytes = try MemoryBytes()
    guard unsafe PEM_write_bio_X509(bytes.pointer, pointer) == 1 else {
      throw .library("writing a certificate")
    }
    return bytes.contents()
  }
}

/// A private key of OpenSSL with one owner.
@safe
struct KeyHandle: ~Copyable, @unchecked Sendable {
  let pointer: OpaquePointer

  /// Makes a new key on the curve P-256.
  init() throws(TLSError) {
    ERR_clear_error()
    guard let pointer = unsafe COpenSSL_generate_p256_key() else { throw .library("making a key") }
    unsafe self.pointer = pointer
  }

  init(pem: [UInt8]) throws(TLSError) {
    ERR_clear_error()
    let bytes = try MemoryBytes()
    try bytes.append(pem)
    guard let pointer = unsafe PEM_read_bio_PrivateKey(bytes.pointer, nil, refusePassphrase, nil)
    else { throw .privateKeyUnreadable(source: "PEM", reason: takeErrorText()) }
    unsafe self.pointer = pointer
  }

  deinit { unsafe EVP_PKEY_free(pointer) }

  /// The key as PKCS#8, not encrypted: who writes it sets the file's mode first.
  func pem() throws(TLSError) -> [UInt8] {
    let bytes = try MemoryBytes()
    guard
      unsafe PEM_write_bio_PKCS8PrivateKey(bytes.pointer, pointer, nil, nil, 0, nil, nil) == 1
    else { throw .library("writing a key") }
    return bytes.contents()
  }
}

/// Memory that OpenSSL reads or writes text in, wiped at the end.
@safe
private struct MemoryBytes: ~Copyable {
  let pointer: OpaquePointer

  init() throws(TLSError) {
    guard let pointer = unsafe BIO_new(BIO_s_secmem()) else { throw .library("BIO_new") }
    unsafe self.pointer = pointer
  }

  deinit { _ = unsafe BIO_free(pointer) }

  func append(_ contents: [UInt8]) throws(TLSError) {
    let written = unsafe BIO_write(pointer, contents, Int32(contents.count))
    guard contents.isEmpty || Int(written) == contents.count else { throw .library("BIO_write") }
  }

  func contents() -> [UInt8] {
    var bytes: UnsafePointer<UInt8>?
    let count = unsafe COpenSSL_memory_of(pointer, &bytes)
    return unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
  }
}
