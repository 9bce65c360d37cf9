import Foundation
package import TLS

/// An installation that `posd init` has made for a test, in a folder that goes with it.
///
/// It listens on a free port of the loopback interface, and its clock starts at 10:00 in California
/// of a Monday within the newest published table.
package final class TestInstallation: Sendable {
  package static let clockStart = "2026-11-02T18:00:00Z"
  package static let clockStartMilliseconds: UInt64 = 1_793_642_400_000

  package let folder: TemporaryFolder

  package init(terminals: Int = 2, cards: Int = 100, settings: [String: Int] = [:]) throws {
    folder = try TemporaryFolder()
    let ended = try Program.posd.run([
      "init", folder.path("x"), "--test-terminals", "\(terminals)", "--test-cards", "\(cards)",
      "--clock-start", Self.clockStart,
    ])
    guard ended.status == 0 else {
      throw ChildFailure("posd init ended with \(ended.status)\n\(ended.errors)")
    }
    try configure("listen.port", 0)
    for (key, value) in settings { try configure(key, value) }
  }

  package func path(_ name: String) -> String { folder.path("x/\(name)") }
  package var configurationFile: String { path("posd.json") }
  package var dataFolder: String { path("data") }

  /// Sets a key of the configuration file, or takes it out.
  package func configure(_ key: String, _ value: (any Sendable)?) throws {
    let url = URL(filePath: configurationFile)
    let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let names = key.split(separator: ".").map(String.init)
    let changed = Self.setting(names[...], to: value, in: parsed as? [String: Any] ?? [:])
    try JSONSerialization.data(withJSONObject: changed).write(to: url)
  }

  private static func setting(
    _ names: ArraySlice<String>, to value: (any Sendable)?, in object: [String: Any]
  ) -> [String: Any] {
    guard let first = names.first else { return object }
    var object = object
    object[first] =
      names.count == 1
      ? value as Any?
      : setting(names.dropFirst(), to: value, in: object[first] as? [String: Any] ?? [:])
    return object
  }

  /// A client's side of TLS, with the credentials of a terminal.
  package func context(terminal: UInt64 = 1_001) throws -> TLSClientContext {
    let own = path("terminals/\(terminal)")
    return try context(certificate: own + "/terminal.pem", key: own + "/terminal.key")
  }

  /// A client's side of TLS, with other credentials or none.
  package func context(certificate: String?, key: String?) throws -> TLSClientContext {
    try TLSClientContext(
      authorityFile: path("tls/authority.pem"), certificateFile: certificate,
      privateKeyFile: key, expectedHost: "127.0.0.1")
  }

  /// The authority, which an operator would have moved away.
  package func authority() throws -> CertificateAuthority {
    try CertificateAuthority(
      certificatePEM: Array(Data(contentsOf: URL(filePath: path("authority/authority.pem")))),
      privateKeyPEM: Array(Data(contentsOf: URL(filePath: path("authority/authority.key")))))
  }
}
