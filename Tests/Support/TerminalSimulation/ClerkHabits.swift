package import TerminalClient
import TransactionModel
package import WireFormat

/// What was asked of a terminal, and what it told.
package enum ClerkEvent: Sendable {
  case asked(TerminalRequest)
  case told(RequestResult)
}

/// What a clerk types, and what he or she asks for next.
package struct ClerkHabits: Sendable {
  package typealias NextBody =
    @Sendable (_ random: inout JitterGenerator, _ answered: [TerminalRequest]) -> RequestBody

  var secret: Secret
  /// Chooses among what can be asked, changes that were answered before among it.
  var nextBody: NextBody

  package init(secret: Secret, nextBody: @escaping NextBody) {
    self.secret = secret
    self.nextBody = nextBody
  }

  /// Deactivates and inquires cards that are active.
  package static let deactivating = ClerkHabits(secret: .none) { random, _ in
    let serial = UInt64.random(in: 1_000_000_000_001...1_000_000_000_005, using: &random)
    let card = CardScheme.healthAccessNumber(serial: serial)
    let date = CalendarDate(trusted: 2026_11_02)
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return .echo
    case 1: return .inquiry(card: card, dateOfService: date, purpose: .information)
    case 2: return .inquiry(card: card, dateOfService: date, purpose: .verify)
    default:
      return .deactivate(
        card: card, reason: .notResident, subReason: .none, effectiveDate: date)
    }
  }
}
