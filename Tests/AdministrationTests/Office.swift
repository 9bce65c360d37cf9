import AuditTrail
import Cryptography
import Foundation
import Installation
import Support
import Synchronization
import TransactionEngine
import TransactionModel
import WireFormat
import WriteAheadLog

@testable import Administration

/// An administrator over the fixture's engine, with a log that takes everything or nothing.
struct Office {
  static let ownUser: UInt32 = 4_001
  static let officeUser: UInt32 = 4_002
  static let helpDeskUser: UInt32 = 4_003
  static let stranger: UInt32 = 4_004

  let fixture: FixtureEngine
  let administrator: Administrator
  let archive = StagedArchive()
  let events = EventList()
  /// What was entered in the audit log before its answer.
  let entries = Entries()

  final class Entries: Sendable {
    private let commands = Mutex<[(command: AuditCommand, isBegun: Bool)]>([])
    var all: [AuditCommand] { commands.withLock { $0.map(\.command) } }
    /// Whether a reading was at work already when each was entered.
    var wereBegun: [Bool] { commands.withLock { $0.map(\.isBegun) } }
    func append(_ command: AuditCommand, isBegun: Bool) {
      commands.withLock { $0.append((command, isBegun)) }
    }
  }

  init(
    policy: PolicyKeeper? = nil, settings: EngineSettings = Fixture.settings,
    canAcceptChanges: Bool = true, isDurable: Bool = true, isAudited: Bool = true,
    isKept: Bool = true
  ) throws {
    fixture = try FixtureEngine(settings)
    let engine = fixture.engine
    let (archive, events, entries) = (archive, events, entries)
    let readings = AuditReadings { _, _ in ([], false) }
    administrator = Administrator(
      engine: engine,
      roles: ControlRoles(
        own: Self.ownUser, office: [Self.officeUser], helpDesk: [Self.helpDeskUser]),
      policy: try policy ?? PolicyKeeper(directory: nil, active: nil),
      AdministrationSeam(
        now: { Fixture.start }, canAcceptChanges: { canAcceptChanges },
        commit: { _ in isDurable }, status: { .object([:]) }, archive: archive,
        durablePosition: { archive.durable },
        audit: AdministrationAudit(
          isTakingEntries: { isAudited },
          enterDurably: { command in
            // The first reading of an office has the first ticket.
            entries.append(
              command, isBegun: readings.page(1, after: 0, for: command.user) != nil)
            return isDurable
          }, readings: readings),
        onCommand: {
          events.append($0)
          return isKept
        }, note: { _ in },
        snapshot: { _ in .object([:]) }))
  }

  /// The result, or the code of the error.
  func ask(
    _ command: String, _ arguments: [String: JSONValue] = [:], user: UInt32 = ownUser
  ) throws -> (result: JSONValue?, code: String?) {
    let members = arguments.merging(["command": .string(command)]) { $1 }
    return try answer(JSONValue.object(members).line, user: user)
  }

  func answer(
    _ line: String, user: UInt32 = ownUser
  ) throws -> (result: JSONValue?, code: String?) {
    let text = administrator.answer(line, from: user)
    guard case .object(let answer) = try JSONValue(parsing: Array(text.utf8)), answer.count == 1
    else { return (nil, nil) }
    if let result = answer["ok"] { return (result, nil) }
    guard case .object(let error)? = answer["error"], case .string(let code)? = error["code"],
      case .string? = error["text"]
    else { return (nil, nil) }
    return (nil, code)
  }
}

/// Makes the confirmation numbers of positions, given or not.
struct ConfirmationNumbers: ~Copyable {
  private var permutation: KeyedPermutation

  init() throws { permutation = try KeyedPermutation(key: FixtureEngine.confirmationKey) }

  mutating func number(of position: UInt64) -> ConfirmationNumber {
    ConfirmationNumber(kind: .real, permuted: permutation.image(of: position))
  }
}
