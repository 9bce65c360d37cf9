import AuditTrail
import LinuxSystem
import TransactionModel

/// Connections that were not let in, counted by reason and address prefix until they are entered.
///
/// A flood must not fill the audit log's disk: of a time there is one entry for each pair, and of
/// more pairs than the table holds one for each reason.
struct HandshakeTally {
  private struct Key: Hashable {
    let reason: HandshakeFailure
    let prefix: AddressPrefix
  }

  static let pairCountMax = 256

  private var entries: [Key: AuditHandshakes] = [:]
  private var pending: [AuditHandshakes] = []
  private var end: UInt64?
  private let milliseconds: UInt64

  /// Counts for so long after the first one.
  init(milliseconds: UInt64) { self.milliseconds = milliseconds }

  var isEmpty: Bool { entries.isEmpty && pending.isEmpty }

  /// Counts one, at a monotonic time and one of the day.
  mutating func count(
    _ reason: HandshakeFailure, from peer: InternetAddress, now: UInt64, at time: Instant
  ) {
    if end == nil { end = now + milliseconds }
    var key = Key(
      reason: reason, prefix: AddressPrefix(bits: peer.bits, isVersion4: peer.isVersion4))
    if entries[key] == nil, entries.count >= Self.pairCountMax {
      key = Key(reason: reason, prefix: .any)
    }
    var entry =
      entries[key]
      ?? AuditHandshakes(
        prefix: key.prefix, firstMilliseconds: time.milliseconds, count: 0, reason: reason)
    if entry.count < .max { entry.count += 1 }
    entries[key] = entry
  }

  /// Enters what was counted, once its time is over; what finds no room, the next time.
  mutating func enter(in audit: AuditDesk, now: UInt64, at time: Instant, isLast: Bool = false) {
    if let end, isLast || now >= end && pending.isEmpty {
      pending += entries.values.sorted { $0.firstMilliseconds < $1.firstMilliseconds }
      entries.removeAll(keepingCapacity: true)
      self.end = nil
    }
    // While the audit log takes nothing the counts go on, in a table of the same size.
    guard !pending.isEmpty, audit.isTakingEntries else { return }
    while let entry = pending.last, audit.trail.enter(entry, at: time) != nil {
      pending.removeLast()
    }
    audit.wakeCommitterWhenDue()
  }
}
