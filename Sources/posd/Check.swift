import Administration
import ArgumentParser
import Installation
import LinuxSystem
import PolicyFiles
import WriteAheadLog

/// `posd check`: judges a configuration without serving it.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a configuration file and the files it names.",
    discussion: """
      Ends with status 0 when posd could serve it now, else with 2 and every mistake. Nothing is \
      changed: the port is tried and let go, the log is not opened.
      """)

  @Option(help: "The configuration file.") var config: String

  @Flag(help: "A posd serves it at the moment: its port and its log are not tried.")
  var running = false

  func run() throws {
    let configuration = try Configuration(file: config)
    var mistakes = configuration.fileMistakes(nowMilliseconds: WallClock.nowMilliseconds)
    mistakes += policyMistakes(configuration)
    if !running { mistakes += serviceMistakes(configuration) }
    guard mistakes.isEmpty else { throw Mistakes(file: config, mistakes) }
    StandardStreams.write("\(config): sound\n")
  }

  private func policyMistakes(_ configuration: Configuration) -> [Mistake] {
    guard !configuration.policyDirectory.isEmpty else { return [] }
    do throws(PolicyFilesError) {
      _ = try PolicyEdition(directory: configuration.policyDirectory)
      return []
    } catch {
      switch error {
      case .mistakes(let list): return list.map { Mistake("policy.directory", "\($0)") }
      case .unreadable: return [Mistake("policy.directory", "\(error)")]
      }
    }
  }

  /// What keeps a daemon from starting beside what runs already.
  private func serviceMistakes(_ configuration: Configuration) -> [Mistake] {
    var mistakes: [Mistake] = []
    do throws(NetworkError) {
      _ = try ListeningSocket(
        host: configuration.listenAddress, port: UInt16(configuration.listenPort))
    } catch {
      mistakes.append(Mistake("listen", "\(error)"))
    }
    let log = DataDirectory(
      path: configuration.dataDirectory, logKeyFile: configuration.logKeyFile
    ).logDirectory
    let audit = configuration.auditLogDirectory
    for (key, log) in [("data.directory", log), ("audit.directory", audit)] {
      if let isInUse = try? LogInspector.isInUse(directory: log), isInUse {
        mistakes.append(
          Mistake(key, "\(log) is in use: use --running if that is this posd"))
      }
    }
    return mistakes
  }
}
