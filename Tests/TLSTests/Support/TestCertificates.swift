import Foundation
import LinuxSystem

@testable import TLS

/// The certificates of a test, made by its own authorities in a directory that goes with it.
final class TestCertificates: Sendable {
  static let identity = "posd://test/terminal/1001"

  /// Around the present, which certificates are checked against.
  enum Period {
    case current, past, future

    var validity: CertificateValidity {
      let hour: UInt64 = 3_600_000
      let now = WallClock.nowMilliseconds
      return switch self {
      case .current:
        CertificateValidity(
          notBeforeMilliseconds: now - hour, notAfterMilliseconds: now + hour)
      case .past:
        CertificateValidity(
          notBeforeMilliseconds: now - 2 * hour, notAfterMilliseconds: now - hour)
      case .future:
        CertificateValidity(
          notBeforeMilliseconds: now + hour, notAfterMilliseconds: now + 2 * hour)
      }
    }
  }

  /// The two files of a holder.
  struct Files: Sendable {
    var certificate: String
    var key: String
  }

  let authority: CertificateAuthority
  let otherAuthority: CertificateAuthority
  private let directory: URL

  init() throws {
    authority = try CertificateAuthority(
      commonName: "test authority", validity: Period.current.validity)
    // The same name on purpose: a name alone must not be trusted.
    otherAuthority = try CertificateAuthority(
      commonName: "test authority", validity: Period.current.validity)
    directory = FileManager.default.temporaryDirectory
      .appending(path: "TLSTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    _ = try write("authority.pem", authority.certificatePEM())
    _ = try write("other.pem", otherAuthority.certificatePEM())
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  var authorityFile: String { directory.appending(path: "authority.pem").path() }
  var otherAuthorityFile: String { directory.appending(path: "other.pem").path() }

  func write(_ name: String, _ contents: [UInt8]) throws -> String {
    let file = directory.appending(path: name)
    try Data(contents).write(to: file)
    return file.path()
  }

  func files(_ profile: CertificateProfile, byOther: Bool = false) throws -> Files {
    let issued = try byOther ? otherAuthority.issue(profile) : authority.issue(profile)
    let name = UUID().uuidString
    return Files(
      certificate: try write("\(name).pem", issued.certificatePEM),
      key: try write("\(name).key", issued.privateKeyPEM))
  }

  func serverProfile(_ usage: CertificateProfile.Usage = .server) -> CertificateProfile {
    CertificateProfile(
      commonName: "server", usage: usage, dnsNames: ["localhost", "pos.example"],
      addresses: ["127.0.0.1", "::1"], validity: Period.current.validity)
  }

  func clientProfile(
    _ usage: CertificateProfile.Usage = .client, period: Period = .current,
    uris: [String] = [identity]
  ) -> CertificateProfile {
    CertificateProfile(
      commonName: "terminal", usage: usage, uris: uris, validity: period.validity)
  }

  func serverContext(
    minimumVersion: TLSVersion = .tls13, usage: CertificateProfile.Usage = .server
  ) throws -> TLSServerContext {
    let files = try files(serverProfile(usage))
    return try TLSServerContext(
      certificateChainFile: files.certificate, privateKeyFile: files.key,
      clientAuthorityFile: authorityFile, minimumVersion: minimumVersion)
  }

  func clientContext(
    _ files: Files?, host: String = "localhost",
    versions: ClosedRange<TLSVersion> = .tls13 ... .tls13, trustsOther: Bool = false
  ) throws -> TLSClientContext {
    try TLSClientContext(
      authorityFile: trustsOther ? otherAuthorityFile : authorityFile,
      certificateFile: files?.certificate, privateKeyFile: files?.key, expectedHost: host,
      versions: versions)
  }
}

func contents(of file: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(filePath: file)))
}
