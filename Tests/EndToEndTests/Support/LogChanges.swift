import Foundation
import ProgramSupport

/// The changes that a daemon's log holds, by terminal and trace number, with the codes of each.
struct LogChanges {
  struct Key: Hashable {
    var terminal: UInt64
    var stan: UInt64
  }

  private(set) var codes: [Key: [Int]] = [:]

  /// Reads the log; of one that is in use what is proven durable.
  init(_ installation: TestInstallation) throws {
    let ended = try Program.posctl.run([
      "log", "dump", installation.dataFolder + "/log", "--keys", installation.path("log.key"),
    ])
    guard ended.status == 0 else { throw ChildFailure("posctl log dump: \(ended.errors)") }
    for line in ended.output.split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      guard let record = object, record["kind"] as? String == "transaction",
        let terminal = record["terminal"] as? Int, let stan = record["stan"] as? Int,
        let code = record["code"] as? Int, record["message"] as? String != "signOn"
      else { continue }
      codes[Key(terminal: UInt64(terminal), stan: UInt64(stan)), default: []].append(code)
    }
  }
}
