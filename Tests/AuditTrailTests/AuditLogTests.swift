import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel
import WriteAheadLog

@testable import AuditTrail

@Suite("The audit log on its disk")
struct AuditLogTests {
  @Test("loses its tail at most, and nothing that was told where replies wait", arguments: 0..<200)
  func crash(seed: Int) throws {
    let storage = SimulatedStorage(seed: UInt64(seed))
    try Sample.create(storage)
    var entered: UInt64 = 0
    var told: UInt64 = 0
    storage.stop(afterChanges: 5 + seed % 40)
    do {
      var log = try Sample.open(storage)
      let trail = Sample.trail(byteCapacity: Sample.geometry.batchByteCountMax)
      while true {
        for _ in 0..<(seed % 5 + 1) {
          guard trail.reserve(1) else { break }
          entered += 1
          _ = trail.enter(Sample.request(entered), at: Sample.time)
        }
        try log.commit(trail)
        // A reply that waits for its entry goes now; one that does not went when it was entered.
        told = entered
        if entered % 7 == 0 { try log.settle() }
        try? log.prepare()
      }
    } catch {
      // Nothing else ends it: the storage takes no more.
      guard storage.isStopped, case .system = error else { throw error }
    }
    storage.losePower()
    var found: [UInt64] = []
    _ = try Sample.open(storage) { record in
      guard case .request(let request)? = AuditEntry(record)?.body else { return }
      found.append(request.terminal.rawValue)
    }
    #expect(found == (0..<UInt64(found.count)).map { $0 + 1 }, "seed \(seed)")
    #expect(told <= UInt64(found.count) && UInt64(found.count) <= entered, "seed \(seed)")
  }

  @Test("closes when its disk is full, while what is entered still fits, and opens with room")
  func space() throws {
    let storage = SimulatedStorage(seed: 3)
    try Sample.create(storage)
    var log = try Sample.open(storage)
    storage.capacity = storage.usedByteCount
    let trail = Sample.trail(byteCapacity: Sample.geometry.batchByteCountMax)
    var count = 0
    func fill() {
      while trail.reserve(1) {
        count += 1
        _ = trail.enter(Sample.request(UInt64(count)), at: Sample.time)
      }
    }
    #expect(throws: SystemError.noSpace) { try log.prepare() }
    while log.admission.canAcceptChanges {
      fill()
      try log.commit(trail)
    }
    #expect(count > 0)
    // What was entered before it was seen, and what was promised room, is not lost.
    fill()
    try log.commit(trail)
    #expect(!log.admission.canAcceptChanges)
    storage.capacity = .max
    try log.prepare()
    #expect(log.admission.canAcceptChanges)
    fill()
    try log.commit(trail)
    storage.restartProcess()
    var found = 0
    _ = try Sample.open(storage) { _ in found += 1 }
    #expect(found == count)
  }

  /// A log of several segments: an entry each of a given time.
  private func log(_ storage: SimulatedStorage, times: [UInt64]) throws {
    try Sample.create(storage)
    var newest: UInt64 = 0
    for (number, time) in times.enumerated() {
      var log = try Sample.open(storage)
      let trail = Sample.trail(
        byteCapacity: Sample.geometry.batchByteCountMax, after: log.durablePosition,
        newestServerTimeMilliseconds: newest)
      #expect(trail.reserve(1))
      _ = trail.enter(Sample.request(UInt64(number)), at: Instant(milliseconds: time))
      newest = time
      try log.commit(trail)
      try log.close()
      storage.restartProcess()
    }
  }

  private func terminals(_ storage: SimulatedStorage, late: Bool = false) throws -> [UInt64] {
    var found: [UInt64] = []
    _ = try Sample.open(storage, late: late) { record in
      guard case .request(let request)? = AuditEntry(record)?.body else { return }
      found.append(request.terminal.rawValue)
    }
    storage.restartProcess()
    return found
  }

  @Test("forgets closed segments whose newest entry is too old, the oldest first, and goes on")
  func expiry() throws {
    let storage = SimulatedStorage(seed: 4)
    try log(storage, times: [100, 200, 300, 400])
    func expire(_ time: UInt64) throws -> Int {
      try LogExpiry.removeSegments(storage, olderThan: Instant(milliseconds: time))
    }
    #expect(try expire(100) == 0)
    #expect(try expire(201) == 2)
    #expect(try expire(201) == 0)
    #expect(try terminals(storage, late: true) == [2, 3])
    // Of what is left the last segment stays, however old it is.
    _ = try expire(.max)
    #expect(try terminals(storage, late: true) == [])
    var log = try Sample.open(storage, late: true)
    let trail = Sample.trail(
      byteCapacity: Sample.geometry.batchByteCountMax, after: log.durablePosition,
      newestServerTimeMilliseconds: log.newestServerTimeMilliseconds)
    #expect(log.durablePosition.rawValue == 4 && log.newestServerTimeMilliseconds == 400)
    #expect(trail.reserve(1))
    _ = trail.enter(Sample.request(9), at: Instant(milliseconds: 500))
    try log.commit(trail)
    storage.restartProcess()
    #expect(try terminals(storage, late: true) == [9])
  }

  @Test("forgets nothing for a clock that is ahead")
  func clockAhead() throws {
    let storage = SimulatedStorage(seed: 8)
    try log(storage, times: [100, 200, 300, 400])
    func expire(_ milliseconds: UInt64, at now: UInt64) throws -> Int {
      try LogExpiry.removeSegments(
        storage, keeping: milliseconds, at: Instant(milliseconds: now))
    }
    #expect(try expire(1_000, at: .max) == 0)
    #expect(try expire(150, at: 200) == 0)
    #expect(try expire(150, at: .max) > 0)
  }

  @Test("of another kind forgets nothing by age")
  func stateLog() throws {
    let storage = SimulatedStorage(seed: 5)
    var settings = LogSettings()
    settings.geometry = Sample.geometry
    settings.reserveByteCount = 0
    try FileLog.create(
      storage, settings, history: LogHistory(identity: HistoryIdentity(rawValue: 1)))
    #expect(throws: LogError.foreignLog(kind: .state, environment: 0)) {
      try LogExpiry.removeSegments(storage, olderThan: Sample.time)
    }
  }

  @Test("is read from the last segment but one at a start")
  func lateStart() throws {
    let storage = SimulatedStorage(seed: 6)
    try log(storage, times: [100, 200, 300, 400])
    #expect(try terminals(storage) == [0, 1, 2, 3])
    let late = try terminals(storage, late: true)
    #expect(late.last == 3 && late.count < 4)
  }

  @Test("refuses to start when acknowledged entries are damaged")
  func damage() throws {
    let storage = SimulatedStorage(seed: 7)
    try log(storage, times: [100, 200])
    let name = "000000000002.segment"
    var bytes = try #require(storage.content(of: name))
    let place = try #require(bytes.lastIndex { $0 != 0 })
    bytes[place] ^= 1
    storage.setContent(of: name, bytes)
    #expect {
      _ = try Sample.open(storage, late: true)
    } throws: { error in
      guard case LogError.damaged? = error as? LogError else { return false }
      return true
    }
  }
}
