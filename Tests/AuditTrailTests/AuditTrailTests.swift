import CAllocationCounter
import SimulatedStorage
import Testing
import TransactionModel
import WriteAheadLog

@testable import AuditTrail

@Suite("The audit trail")
struct AuditTrailTests {
  /// Header of 192 bytes, and 9 requests of 88.
  private let smallCapacity = 1_024

  @Test("promises no more room than there is, and keeps what it promised")
  func reservation() throws {
    let trail = Sample.trail(byteCapacity: smallCapacity)
    #expect(trail.reserve(4) && trail.reserve(5))
    #expect(!trail.reserve(1))
    let command = AuditCommand(user: 0, role: .office, name: "status", outcome: .done)
    #expect(trail.enter(command, at: Sample.time) == nil)
    for number in 1...9 as ClosedRange<UInt64> {
      #expect(trail.enter(Sample.request(number), at: Sample.time).rawValue == number)
    }
    #expect(!trail.reserve(1))
    #expect(try Sample.take(trail, byteCapacity: smallCapacity).count == 9)
    #expect(trail.reserve(9))
    trail.giveBack(1)
    #expect(trail.reserve(1) && !trail.reserve(1))
  }

  @Test("keeps room that was promised before a commit for after it")
  func reservationOutlastsCommit() throws {
    let trail = Sample.trail(byteCapacity: smallCapacity)
    #expect(trail.reserve(9))
    #expect(try Sample.take(trail, byteCapacity: smallCapacity).isEmpty)
    #expect(!trail.reserve(1))
    for number in 1...9 as ClosedRange<UInt64> {
      _ = trail.enter(Sample.request(number), at: Sample.time)
    }
    #expect(try Sample.take(trail, byteCapacity: smallCapacity).count == 9)
  }

  @Test("has the committer woken for the first entry, and when half of the batch is full")
  func due() throws {
    let trail = Sample.trail(byteCapacity: smallCapacity)
    #expect(!trail.takeCommitDue())
    #expect(trail.reserve(9))
    let due = (1...9 as ClosedRange<UInt64>).map { number in
      _ = trail.enter(Sample.request(number), at: Sample.time)
      return trail.takeCommitDue()
    }
    #expect(due.enumerated().filter(\.element).map(\.offset) == [0, 4])
    // Whoever finds no room has it made.
    #expect(!trail.reserve(1) && trail.takeCommitDue())
    _ = try Sample.take(trail)
    #expect(trail.reserve(1))
    _ = trail.enter(Sample.request(1), at: Sample.time)
    #expect(trail.takeCommitDue())
  }

  @Test("has it woken for each entry where replies wait")
  func dueAtOnce() {
    let trail = Sample.trail(commitsAtOnce: true)
    #expect(trail.reserve(3))
    for number in 1...3 as ClosedRange<UInt64> {
      _ = trail.enter(Sample.request(number), at: Sample.time)
      #expect(trail.takeCommitDue() && !trail.takeCommitDue())
    }
  }

  @Test("gives times that never go back, whatever the clock does")
  func times() throws {
    let newest = Sample.time.milliseconds + 10
    let trail = Sample.trail(newestServerTimeMilliseconds: newest)
    #expect(trail.reserve(3))
    for offset in [0, 20, 5] as [UInt64] {
      _ = trail.enter(
        Sample.request(1), at: Instant(milliseconds: Sample.time.milliseconds + offset))
    }
    #expect(
      try Sample.take(trail).map { $0.serverTime.milliseconds - newest } == [0, 10, 10])
  }

  @Test("allocates nothing for a request")
  func allocations() {
    let trail = Sample.trail()
    var spare = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    let request = Sample.request(1)
    func round() {
      for _ in 0..<1_000 {
        guard trail.reserve(1) else { return }
        _ = trail.enter(request, at: Sample.time)
        _ = trail.takeCommitDue()
      }
      trail.exchangeStagedBatch(&spare)
    }
    round()
    let before = CAllocationCounter_count()
    round()
    #expect(CAllocationCounter_count() == before)
    #expect(spare.recordCount == 1_000 && spare.stateLogPosition.rawValue == 77)
  }
}
