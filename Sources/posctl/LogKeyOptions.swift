import ArgumentParser
import Installation
import WriteAheadLog

/// The option that names the file with the log's keys.
struct LogKeyOptions: ParsableArguments {
  @Option(help: "The file with the log's keys; what is encrypted stays hidden without it.")
  var keys: String?

  /// The keys, or nil when there are none: the credential of the service manager counts too.
  func keyring() throws -> LogKeyring? {
    guard let path = keys ?? LogKeyFile.credentialPath else { return nil }
    guard let text = LogKeyFile.text(at: path) else {
      throw ValidationError("\(path) cannot be read")
    }
    do throws(LogKeyringError) {
      return try LogKeyring(text: text)
    } catch {
      throw ValidationError("\(path): \(error)")
    }
  }
}
