import ArgumentParser
import Foundation
import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// Which terminal it is, and how the request is flagged.
struct TerminalOptions: ParsableArguments {
  @Option(help: "The terminal's profile, made by posd init.") var config: String?

  @Option(help: "The server's name or address; must be in its certificate.") var host: String?
  @Option(help: "The server's port.") var port: UInt16?
  @Option(help: "A second server, tried when the first is out of reach.") var secondHost: String?
  @Option(help: "The second server's port.") var secondPort: UInt16?
  @Option(help: "PEM file of the authority that both ends trust.") var authority: String?
  @Option(help: "PEM file of the terminal's certificate.") var certificate: String?
  @Option(help: "PEM file of the terminal's key.") var key: String?
  @Option(help: "test or production.") var environment: String?
  @Option(help: "The terminal's id.") var terminal: UInt64?
  @Option(name: .customLong("operator"), help: "The operator's id.") var operatorID: UInt64?
  @Option(help: "The software's certification id.") var software: UInt32?
  @Option(help: "The directory that keeps trace number and pending changes.") var stateDirectory:
    String?
  @Option(help: "Seconds to wait for an answer.") var timeout: Int32?
  @Option(help: "Seconds to go on trying; a change is then kept, and sent later.")
  var patience: Int32 = 60
  @Option(help: "A new connection after a lost one comes at random within so many seconds.")
  var reconnectWithin: Int32 = 10
  @Option(help: "File with the operator's secret: signs on when the server asks for it.")
  var secretFile: String?

  @Flag(help: "Practice: every rule runs, no record changes.") var training = false
  @Flag(help: "Display lines and receipt in Spanish.") var spanish = false
  @Flag(help: "The request was kept while the line was down.") var storedAndForward = false
  @Flag(name: .customLong("repeat"), help: "Sent before, and no answer came.") var isRepeat = false
  @Option(help: "The trace number of the request that is repeated.") var stan: UInt32?
  @Option(help: "Its transaction time: milliseconds since 1970 UTC, or 2026-04-15T16:00:00Z.")
  var transactionTime: String?

  @Flag(help: "The answer as JSON on one line.") var json = false
  @Flag(help: "Print the whole card number.") var showCard = false

  func validate() throws {
    guard !isRepeat || (stan != nil && transactionTime != nil) else {
      throw ValidationError("--repeat wants the --stan and --transaction-time of the original")
    }
    guard stan != 0 else { throw ValidationError("--stan is 1 to \(UInt32.max)") }
    if let transactionTime, Self.instant(transactionTime) == nil {
      throw ValidationError("--transaction-time is a number, or 2026-04-15T16:00:00Z")
    }
    if let timeout, !(1...3_600).contains(timeout) {
      throw ValidationError("--timeout is 1 to 3600 seconds")
    }
    guard (1...3_600).contains(patience) else {
      throw ValidationError("--patience is 1 to 3600 seconds")
    }
    guard (0...60).contains(reconnectWithin) else {
      throw ValidationError("--reconnect-within is 0 to 60 seconds")
    }
    guard (secondHost == nil) == (secondPort == nil) else {
      throw ValidationError("--second-host and --second-port go together")
    }
  }

  /// Flags, number and time for the request's header.
  var requestOptions: RequestOptions {
    var options = RequestOptions()
    if training { options.flags.insert(.training) }
    if spanish { options.flags.insert(.spanish) }
    if storedAndForward { options.flags.insert(.storedAndForward) }
    if isRepeat { options.flags.insert(.repeat) }
    options.traceNumber = stan.map(SystemTraceAuditNumber.init(rawValue:))
    options.transactionTime = transactionTime.flatMap(Self.instant)
    return options
  }

  /// How long the command goes on trying.
  var patienceMilliseconds: Int32 { patience * 1_000 }

  /// The operator's secret; `nil` when no file was named.
  func secret() throws -> Secret? { try secretFile.map(Self.secret) }

  /// The secret in a file.
  static func secret(file: String) throws -> Secret {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw UsageError("\(file) cannot be read")
    }
    // A line feed at the end is the editor's, not the operator's.
    let characters = data.last == 0x0A ? data.dropLast() : data
    guard (8...16).contains(characters.count), characters.allSatisfy({ (0x20...0x7E).contains($0) })
    else { throw UsageError("\(file) does not hold 8 to 16 printable ASCII characters") }
    var bytes = InlineArray<16, UInt8>(repeating: 0)
    for (index, character) in characters.enumerated() { bytes[index] = character }
    return Secret(bytes: bytes)
  }

  /// The profile of the file, with what the single options say instead.
  func profile() throws -> TerminalProfileFile {
    var file: TerminalProfileFile
    if let config {
      file = try TerminalProfileFile(file: config)
    } else {
      file = TerminalProfileFile(profile: try profileOfOptions(), site: nil)
    }
    if let host { file.profile.servers[0].host = host }
    if let port { file.profile.servers[0].port = port }
    if let secondHost, let secondPort {
      let second = ServerAddress(host: secondHost, port: secondPort)
      file.profile.servers = [file.profile.servers[0], second]
    }
    if let authority { file.profile.authorityFile = authority }
    if let certificate { file.profile.certificateFile = certificate }
    if let key { file.profile.privateKeyFile = key }
    if environment != nil { file.profile.environment = try chosenEnvironment() }
    if let terminal { file.profile.terminal = TerminalID(rawValue: terminal) }
    if let operatorID { file.profile.operatorID = OperatorID(rawValue: operatorID) }
    if let software { file.profile.software = SoftwareID(rawValue: software) }
    if let stateDirectory { file.profile.stateDirectory = stateDirectory }
    file.profile.intervals.firstReconnectMillisecondsMax = UInt64(reconnectWithin) * 1_000
    if let timeout { file.profile.answerTimeoutMilliseconds = timeout * 1_000 }
    return file
  }

  static func instant(_ text: String) -> Instant? {
    if let number = UInt64(text), number > 0 { return Instant(milliseconds: number) }
    return Instant(rfc3339: text)
  }

  private func profileOfOptions() throws -> TerminalProfile {
    guard let host, let port, let authority, let certificate, let key, let terminal,
      let stateDirectory, environment != nil
    else {
      throw UsageError(
        """
        without --config these are wanted: --host, --port, --authority, --certificate, --key, \
        --environment, --terminal, --state-directory
        """)
    }
    return TerminalProfile(
      servers: [ServerAddress(host: host, port: port)], authorityFile: authority,
      certificateFile: certificate, privateKeyFile: key, environment: try chosenEnvironment(),
      terminal: TerminalID(rawValue: terminal), operatorID: OperatorID(rawValue: 0),
      software: SoftwareID(rawValue: 0), stateDirectory: stateDirectory)
  }

  private func chosenEnvironment() throws -> Environment {
    guard let found = Environment.allCases.first(where: { $0.name == environment }) else {
      throw UsageError("--environment is test or production")
    }
    return found
  }
}
