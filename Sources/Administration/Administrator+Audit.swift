public import AuditTrail
import Installation
import LinuxSystem
import TransactionEngine
import TransactionModel

/// What an administrator's commands need of the audit log.
public struct AdministrationAudit: Sendable {
  /// Whether entries are taken.
  public var isTakingEntries: @Sendable () -> Bool
  /// Enters a command and waits a bounded time; whether it is durable then.
  public var enterDurably: @Sendable (AuditCommand) -> Bool
  public var readings: AuditReadings

  public init(
    isTakingEntries: @escaping @Sendable () -> Bool,
    enterDurably: @escaping @Sendable (AuditCommand) -> Bool, readings: AuditReadings
  ) {
    self.isTakingEntries = isTakingEntries
    self.enterDurably = enterDurably
    self.readings = readings
  }
}

extension Administrator {
  /// Nothing but the status is told or done while nobody could learn of it later.
  func checkAudit(_ command: ControlCommand) throws(ControlFailure) {
    if case .status = command { return }
    guard seam.audit.isTakingEntries() else {
      throw ControlFailure(.unavailable, "the audit log takes no entries at present: try again")
    }
  }

  /// Whoever wants to see whole numbers says why, and that is kept before anything is shown.
  func beginReading(
    _ question: AuditQuestion, reason: String, _ author: Author
  ) throws(ControlFailure) -> JSONValue {
    guard AuditQuestion.isReason(reason) else {
      throw ControlFailure(
        .refused, "a reason of at least \(AuditQuestion.reasonWordCountMin) words is wanted")
    }
    var entry = AuditCommand(
      user: author.userIdentifier, role: author.role, name: "audit.read", outcome: .begun)
    entry.set(ControlCommand.readAudit(question, reason: reason).subject)
    entry.reason = reason
    guard seam.audit.enterDurably(entry) else {
      throw ControlFailure(.unavailable, "the reading could not be entered in the audit log")
    }
    do throws(SystemError) {
      if let ticket = try seam.audit.readings.begin(question, for: author.userIdentifier) {
        return .object(["reading": .integer(ticket)])
      }
    } catch {
      throw ControlFailure(.unavailable, "no thread for the search: \(error)")
    }
    throw ControlFailure(.unavailable, "too many readings are at work: try again")
  }
}
