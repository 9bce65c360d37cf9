import AuditTrail
import LinuxSystem
import Testing
import TransactionModel

@testable import TransactionServer

@Suite("The tally of handshakes")
struct HandshakeTallyTests {
  private let time = Instant(milliseconds: 1_775_000_000_000)

  private func peer(_ bits: UInt128, isVersion4: Bool = true) -> InternetAddress {
    InternetAddress(bits: bits, isVersion4: isVersion4, port: 1)
  }

  private func entries(_ audit: ControlledAudit) -> [AuditHandshakes] {
    audit.commit().compactMap { if case .handshakes(let entry) = $0.body { entry } else { nil } }
  }

  @Test("is entered when its time is over, and begins anew")
  func window() {
    let audit = ControlledAudit()
    var tally = HandshakeTally(milliseconds: 60_000)
    tally.count(.expired, from: peer(0x0A00_0001), now: 5, at: time)
    tally.count(.expired, from: peer(0x0A00_00FF), now: 60_004, at: time)
    tally.count(.expired, from: peer(0x0A00_0100), now: 60_004, at: time)
    tally.enter(in: audit.desk, now: 60_004, at: time)
    #expect(entries(audit).isEmpty)
    tally.enter(in: audit.desk, now: 60_005, at: time)
    #expect(Set(entries(audit).map(\.count)) == [1, 2] && tally.isEmpty)
    tally.count(.expired, from: peer(0x0A00_0001), now: 60_006, at: time)
    tally.enter(in: audit.desk, now: 120_005, at: time)
    #expect(entries(audit).count == 2 && !tally.isEmpty)
  }

  @Test("holds a bounded number of pairs, and counts all connections whatever their number")
  func bounded() {
    let audit = ControlledAudit()
    var tally = HandshakeTally(milliseconds: 60_000)
    // From 1: the prefix of zeros stands for any.
    for number in 1..<10_001 as Range<UInt128> {
      tally.count(
        number % 2 == 0 ? .notTLS : .noCertificate,
        from: peer(number << 72, isVersion4: false), now: 5, at: time)
    }
    tally.enter(in: audit.desk, now: 60_005, at: time)
    let all = entries(audit)
    #expect(all.count == HandshakeTally.pairCountMax + 2)
    #expect(all.map { Int($0.count) }.reduce(0, +) == 10_000)
    #expect(all.filter { $0.prefix == .any }.count == 2)
  }

  @Test("waits while the audit log takes nothing, and loses no count")
  func closed() {
    let audit = ControlledAudit()
    audit.setOpen(false)
    var tally = HandshakeTally(milliseconds: 60_000)
    for now in [5, 60_005, 120_005, 180_005] as [UInt64] {
      tally.count(.stalled, from: peer(0x0A00_0001), now: now, at: time)
      tally.enter(in: audit.desk, now: now, at: time)
    }
    #expect(entries(audit).isEmpty)
    audit.setOpen(true)
    tally.enter(in: audit.desk, now: 200_000, at: time)
    tally.enter(in: audit.desk, now: 200_000, at: time, isLast: true)
    #expect(entries(audit).map { Int($0.count) }.reduce(0, +) == 4 && tally.isEmpty)
  }
}
