import Cryptography
import LinuxSystem
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A snapshot")
struct SnapshotTests {
  private static let geometry = LogGeometry(
    segmentByteCount: 1 << 20, batchByteCountMax: 512, alignment: 64)
  private let storage = SimulatedStorage(seed: 81)
  private let log = SimulatedStorage(seed: 82)

  init() throws {
    try TestLog.create(log)
    for _ in 0..<3 {
      var own = try TestLog.open(log, keyring: TestLog.keyring)
      for text in ["one", "two", "three", "four"] { try own.commit(text) }
      log.restartProcess()
    }
  }

  /// The point behind a number of records.
  private func point(_ position: UInt64) throws -> LogPoint {
    let catalog = try LogCatalog(log, isLive: false)
    var walk = LogWalk(
      log, catalog: catalog, keyring: TestLog.keyring,
      lastPosition: LogPosition(rawValue: position))
    _ = try walk.run { _ in }
    return LogPoint(tail: walk.tail)
  }

  private func write(_ bodies: [[UInt8]], at point: LogPoint, to storage: SimulatedStorage) throws
    -> String
  {
    var writer = try SnapshotWriter(
      storage, environment: 0, at: point, keyring: TestLog.keyring,
      clockMilliseconds: TestLog.clock, geometry: Self.geometry)
    for body in bodies {
      try writer.append(kind: 7, maximumByteCount: body.count) { output in
        for byte in body { output.append(byte) }
      }
    }
    return try writer.finish()
  }

  private func read(_ name: String) throws(LogError) -> (bodies: [[UInt8]], point: LogPoint) {
    var bodies: [[UInt8]] = []
    let point = try LogSnapshot.read(storage, name, keyring: TestLog.keyring) {
      bodies.append(TestRecord($0).body)
    }
    return (bodies, point)
  }

  @Test("gives its records back, and the point that the log goes on from", arguments: [0, 1, 50])
  func roundTrip(_ count: Int) throws {
    let bodies = (0..<count).map { [UInt8](repeating: UInt8($0), count: 40) }
    let point = try point(6)
    let name = try write(bodies, at: point, to: storage)
    let found = try read(name)
    #expect(found.bodies == bodies && found.point == point)
    #expect(try LogSnapshot.names(storage) == [name])
    #expect(LogSnapshot.position(of: name)?.rawValue == 6)
  }

  @Test("is refused by name, whichever bit is flipped and wherever it is cut")
  func everyBit() throws {
    let name = try write(
      (0..<8).map { [UInt8](repeating: UInt8($0), count: 40) }, at: try point(5), to: storage)
    let good = try #require(storage.content(of: name))
    var faults: [[UInt8]] = (0..<good.count).map { Array(good.prefix($0)) }
    faults.append(good + [0])
    for bit in 0..<8 * good.count {
      var bytes = good
      bytes[bit / 8] ^= 1 << (bit % 8)
      faults.append(bytes)
    }
    for (index, bytes) in faults.enumerated() {
      storage.setContent(of: name, bytes)
      do throws(LogError) {
        _ = try read(name)
        Issue.record("fault \(index) was not seen")
      } catch {
        guard case .damaged(let damage) = error, damage.fileName == name else {
          Issue.record("fault \(index): \(error)")
          continue
        }
      }
    }
    storage.setContent(of: name, good)
    #expect(try read(name).bodies.count == 8)
  }

  @Test("is whole or not there, wherever its making is stopped")
  func stopped() throws {
    let bodies = (0..<30).map { [UInt8](repeating: UInt8($0), count: 40) }
    var isMade = false
    for stop in 0..<100 where !isMade {
      let storage = SimulatedStorage(seed: UInt64(stop))
      storage.stop(afterChanges: stop)
      isMade = (try? write(bodies, at: try point(5), to: storage)) != nil
      storage.losePower()
      let names = try LogSnapshot.names(storage)
      #expect(!isMade || names.count == 1)
      for name in names {
        var count = 0
        _ = try LogSnapshot.read(storage, name, keyring: TestLog.keyring) { _ in count += 1 }
        #expect(count == 30, "stop \(stop)")
      }
      // The next writer is not in the way of what this one left.
      if names.isEmpty { _ = try write(bodies, at: try point(5), to: storage) }
    }
    #expect(isMade, "every step was the last one once")
  }

  @Test("of any age: the log goes on behind it, and only behind it", arguments: 0...12)
  func resumes(_ position: UInt64) throws {
    let point = try point(position)
    #expect(point.position.rawValue == position)
    var found: [UInt64] = []
    var expectation = LogExpectation(clockMilliseconds: { TestLog.clock })
    expectation.keyring = TestLog.keyring
    expectation.reserveByteCount = 0
    expectation.replayFrom = point
    let opened = try FileLog.open(log, expectation) { found.append($0.position.rawValue) }
    #expect(found == Array(position + 1..<13))
    #expect(opened.durablePosition.rawValue == 12)
  }

  @Test("of another log, or newer than the log, is refused")
  func foreign() throws {
    let other = SimulatedStorage(seed: 83)
    try TestLog.create(other)
    do {
      var own = try TestLog.open(other, keyring: TestLog.keyring)
      for text in ["a", "b", "c"] { try own.commit(text) }
    }
    other.restartProcess()
    for position in [UInt64(2), 6, 12] {
      var expectation = LogExpectation(clockMilliseconds: { TestLog.clock })
      expectation.keyring = TestLog.keyring
      expectation.reserveByteCount = 0
      expectation.replayFrom = try point(position)
      #expect(throws: LogError.self) { _ = try FileLog.open(other, expectation) { _ in } }
      other.restartProcess()
    }
  }
}
