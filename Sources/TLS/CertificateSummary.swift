import COpenSSL
import Glibc

/// What the server and its operators need to know of a certificate.
public struct CertificateSummary: Hashable, Sendable {
  /// All alternative names that are URIs, in their order, as they are written.
  ///
  /// Who takes one for an identity refuses a certificate that has none or several. Empty, too, if
  /// the extension cannot be read.
  public let subjectAlternativeURIs: [String]
  /// Milliseconds since 1970 UTC; 0 for anything before.
  public let notBeforeMilliseconds: UInt64
  /// Milliseconds since 1970 UTC, of the last second it is valid in; 0 for anything before.
  public let notAfterMilliseconds: UInt64
  /// Lower-case hexadecimal digits, two for each byte.
  public let serialNumber: String
  /// SHA-256 of the whole certificate, as 64 lower-case hexadecimal digits.
  public let fingerprint: String

  private static let digestByteCount = 32

  /// Reads the first certificate of a PEM text.
  public init(pem: [UInt8]) throws(TLSError) {
    try self.init(CertificateHandle(pem: pem))
  }

  init(_ certificate: borrowing CertificateHandle) {
    unsafe self.init(certificate.pointer)
  }

  init(_ certificate: OpaquePointer) {
    defer { ERR_clear_error() }
    unsafe subjectAlternativeURIs = Self.alternativeURIs(of: certificate)
    unsafe notBeforeMilliseconds = Self.milliseconds(X509_get0_notBefore(certificate))
    unsafe notAfterMilliseconds = Self.milliseconds(X509_get0_notAfter(certificate))
    unsafe serialNumber = Self.hexadecimal(Self.bytes(of: X509_get0_serialNumber(certificate)))
    var digest = [UInt8](repeating: 0, count: Self.digestByteCount)
    let status = unsafe X509_digest(certificate, EVP_sha256(), &digest, nil)
    precondition(status == 1, "SHA-256 is not available")
    fingerprint = Self.hexadecimal(digest)
  }

  private static func alternativeURIs(of certificate: OpaquePointer) -> [String] {
    guard let raw = unsafe X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else {
      return []
    }
    let names = OpaquePointer(raw)
    defer { unsafe GENERAL_NAMES_free(names) }
    let count = unsafe COpenSSL_name_count(names)
    return (0..<count).compactMap { index in
      guard let text = unsafe COpenSSL_uri_at(names, index) else { return nil }
      return unsafe String(decoding: bytes(of: text), as: UTF8.self)
    }
  }

  private static func milliseconds(_ time: UnsafePointer<ASN1_TIME>?) -> UInt64 {
    var parts = unsafe tm()
    guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
    return UInt64(max(0, unsafe timegm(&parts))) * 1_000
  }

  private static func bytes(of text: UnsafePointer<ASN1_STRING>?) -> [UInt8] {
    let count = Int(unsafe ASN1_STRING_length(text))
    return unsafe Array(UnsafeBufferPointer(start: ASN1_STRING_get0_data(text), count: count))
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: text, as: UTF8.self)
  }
}
