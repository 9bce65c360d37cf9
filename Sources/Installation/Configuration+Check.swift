import Foundation
import LinuxSystem
import TLS

extension Configuration {
  /// What is wrong with the files and directories that the configuration names.
  ///
  /// The real clock judges certificates, whatever `clock.start` says.
  public func fileMistakes(nowMilliseconds: UInt64) -> [Mistake] {
    let contents = [
      ("tls.certificate", certificateFile), ("tls.key", privateKeyFile),
      ("tls.client_authority", clientAuthorityFile),
    ].map { ($0.0, $0.1, FileManager.default.contents(atPath: $0.1)) }
    var mistakes = contents.filter { $0.2 == nil }.map {
      Mistake($0.0, "\($0.1) cannot be read")
    }
    if mistakes.isEmpty { mistakes += contextMistakes }
    for (key, path, data) in contents where key != "tls.key" {
      guard let data, let certificate = try? CertificateSummary(pem: Array(data)) else { continue }
      if certificate.notAfterMilliseconds < nowMilliseconds {
        mistakes.append(Mistake(key, "the certificate in \(path) has expired: issue a new one"))
      } else if certificate.notBeforeMilliseconds > nowMilliseconds {
        mistakes.append(Mistake(key, "the certificate in \(path) is not valid yet"))
      }
    }
    return mistakes + directoryMistakes
  }

  /// Whether OpenSSL takes the three files, and the key is that of the certificate.
  private var contextMistakes: [Mistake] {
    do throws(TLSError) {
      _ = try TLSServerContext(
        certificateChainFile: certificateFile, privateKeyFile: privateKeyFile,
        clientAuthorityFile: clientAuthorityFile, minimumVersion: minimumTLSVersion)
      return []
    } catch {
      let key =
        switch error {
        case .privateKeyUnreadable, .privateKeyMismatch: "tls.key"
        case .authorityUnreadable: "tls.client_authority"
        case .certificateUnreadable, .nameUnusable, .libraryFailed: "tls.certificate"
        }
      return [Mistake(key, error.description)]
    }
  }

  private var directoryMistakes: [Mistake] {
    var mistakes: [Mistake] = []
    do throws(SystemError) {
      _ = try Directory(path: dataDirectory)
      if !FileManager.default.isWritableFile(atPath: dataDirectory) {
        mistakes.append(Mistake("data.directory", "\(dataDirectory) cannot be written"))
      }
      for name in [InstallationPlan.confirmationKeyName, InstallationPlan.logDirectoryName]
      where !FileManager.default.isReadableFile(atPath: "\(dataDirectory)/\(name)") {
        mistakes.append(
          Mistake("data.directory", "\(dataDirectory)/\(name) is missing or cannot be read"))
      }
    } catch {
      mistakes.append(Mistake("data.directory", "\(dataDirectory): \(error)"))
    }
    // That of a data directory which is not there is not missed apart.
    let mayBeMissed =
      !auditDirectory.isEmpty || FileManager.default.fileExists(atPath: dataDirectory)
    if mayBeMissed, !FileManager.default.isWritableFile(atPath: auditLogDirectory) {
      mistakes.append(
        Mistake("audit.directory", "\(auditLogDirectory) is missing or cannot be written"))
    }
    let keys = LogKeyFile.path(configured: logKeyFile)
    if LogKeyFile.text(at: keys) == nil {
      mistakes.append(Mistake("data.key", "\(keys) is missing or cannot be read"))
    }
    let parent = URL(filePath: controlSocket).deletingLastPathComponent()
      .path(percentEncoded: false)
    if !FileManager.default.isWritableFile(atPath: parent) {
      mistakes.append(Mistake("control.socket", "\(parent) cannot be written"))
    }
    return mistakes
  }
}
