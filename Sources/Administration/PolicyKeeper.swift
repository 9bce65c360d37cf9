import EligibilityPolicy
public import Installation
import PolicyFiles
import Synchronization
public import TransactionEngine
public import TransactionModel

/// Which rules decide, and how they are replaced while the daemon serves.
///
/// One replacement at a time; a bad set of files never replaces anything.
public final class PolicyKeeper: Sendable {
  /// What a reload came to.
  public enum Outcome: Sendable {
    /// New files decide, from this record on.
    case activated(LogPosition)
    /// The files are those that decide already.
    case unchanged(LogPosition)
    /// Everything that is wrong, a line each; the old set stays in force.
    case refused([String])
    /// There is no `policy.directory`: what is compiled in changes with the program.
    case nothingToRead
    /// The log takes nothing at the moment.
    case unavailable
  }

  /// Why the daemon cannot start: no rules at all.
  public struct NoPolicy: Error, CustomStringConvertible {
    public let description: String
  }

  private struct State {
    var edition: PolicyEdition
    /// What was wrong with the directory when it was last read.
    var mistakes: [String]
  }

  private struct Busy: Error {}

  private let directory: String?
  private let state: Mutex<State>

  /// Chooses the rules at start: those of the directory, or those compiled in where there is none.
  ///
  /// A directory that is bad leaves the set in force that the log says was active; `mistakes` then
  /// has what is wrong.
  public init(directory: String?, active: ActivePolicy?) throws(NoPolicy) {
    self.directory = directory
    guard let directory else {
      state = Mutex(State(edition: .compiledIn, mistakes: []))
      return
    }
    let mistakes: [String]
    do throws(PolicyFilesError) {
      state = Mutex(State(edition: try PolicyEdition(directory: directory), mistakes: []))
      return
    } catch {
      mistakes = Self.lines(error, in: directory)
    }
    guard let active else {
      throw NoPolicy(
        description: (mistakes + ["and the log names no policy that could decide instead"])
          .joined(separator: "\n"))
    }
    do throws(PolicyFilesError) {
      state = Mutex(State(edition: try PolicyEdition(active), mistakes: mistakes))
    } catch {
      throw NoPolicy(description: (mistakes + ["\(error)"]).joined(separator: "\n"))
    }
  }

  /// What is wrong with the directory, a line each; empty when it decides or there is none.
  public var mistakes: [String] { state.withLock { $0.mistakes } }

  /// Lets the rules chosen at start decide, and journals them where the log has others.
  ///
  /// `makeRoom` ends when the committer has taken what is staged; false when it did not in time.
  public func begin(
    in engine: SharedEngine, by author: Author, at now: Instant, makeRoom: () -> Bool
  ) throws(NoPolicy) {
    let edition = state.withLock { $0.edition }
    if edition.isActive(in: engine.activePolicy) { return engine.restore(edition.book) }
    do throws(Busy) {
      _ = try edition.activate(in: engine, by: author, at: now) { () throws(Busy) in
        guard makeRoom() else { throw Busy() }
      }
    } catch {
      throw NoPolicy(description: "the log takes no policy files")
    }
  }

  /// Reads the directory again, and lets it decide when it is good.
  public func reload(
    in engine: SharedEngine, by author: Author, at now: Instant, makeRoom: () -> Bool
  ) -> Outcome {
    guard let directory else { return .nothingToRead }
    return state.withLock { state in
      let edition: PolicyEdition
      do throws(PolicyFilesError) {
        edition = try PolicyEdition(directory: directory)
      } catch {
        state.mistakes = Self.lines(error, in: directory)
        return .refused(state.mistakes)
      }
      if let active = engine.activePolicy, edition.isActive(in: active) {
        state.mistakes = []
        return .unchanged(active.position)
      }
      do throws(Busy) {
        let position = try edition.activate(in: engine, by: author, at: now) { () throws(Busy) in
          guard makeRoom() else { throw Busy() }
        }
        state = State(edition: edition, mistakes: [])
        return .activated(position)
      } catch {
        return .unavailable
      }
    }
  }

  private static func lines(_ error: PolicyFilesError, in directory: String) -> [String] {
    switch error {
    case .mistakes(let list): list.map { "\(directory)/\($0)" }
    case .unreadable: ["\(error)"]
    }
  }

  /// What `posctl policy status` and `posctl status` tell.
  public func json(_ engine: SharedEngine) -> JSONValue {
    let (edition, mistakes) = state.withLock { ($0.edition, $0.mistakes) }
    var members: [String: JSONValue] = [
      "compiled_in": .bool(edition.isCompiledIn),
      "files": .array(
        edition.files.map {
          .object(["name": .string($0.name), "version": .string($0.version.versionText)])
        }),
    ]
    if let directory { members["directory"] = .string(directory) }
    if !mistakes.isEmpty { members["mistakes"] = .array(mistakes.map(JSONValue.string)) }
    if let active = engine.activePolicy {
      members["since"] = .string(active.since.rfc3339)
      members["position"] = .integer(active.position.rawValue)
    }
    return .object(members)
  }
}
