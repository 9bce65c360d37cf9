import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

/// Four segments with two records each.
@Suite("What can be read of a damaged log")
struct DamagedStreamTests {
  private let storage = SimulatedStorage(seed: 51)

  init() throws {
    try TestLog.create(storage)
    for number in 1...4 {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      try log.commit("first of \(number)")
      try log.commit("second of \(number)")
      if number == 4 { try log.close() }
      storage.restartProcess()
    }
  }

  private func shown(after position: UInt64 = 0) throws -> [UInt64] {
    var positions: [UInt64] = []
    try LogInspector.streamWhole(
      storage, keyring: TestLog.keyring, after: LogPosition(rawValue: position)
    ) { kind, record in
      #expect(kind == .state)
      positions.append(record.position.rawValue)
    }
    return positions
  }

  @Test(
    "is every segment whose header holds, up to the damage",
    arguments: [
      ([], [1, 2, 3, 4, 5, 6, 7, 8]), ([(1, 100)], [3, 4, 5, 6, 7, 8]),
      ([(2, 100)], [1, 2, 5, 6, 7, 8]), ([(2, 456)], [1, 2, 5, 6, 7, 8]),
      ([(2, 712)], [1, 2, 3, 5, 6, 7, 8]), ([(4, 712)], [1, 2, 3, 4, 5, 6, 7]),
      ([(1, 712), (3, 456)], [1, 3, 4, 7, 8]),
    ] as [([(UInt64, Int)], [UInt64])])
  func parts(damages: [(UInt64, Int)], expected: [UInt64]) throws {
    // In a segment's header at 100, in its batches at 456 and 712.
    for (number, offset) in damages { try storage.flipBit(ofSegment: number, at: offset) }
    #expect(try shown() == expected)
    for position in UInt64(1)...8 {
      #expect(try shown(after: position) == expected.filter { $0 > position })
    }
  }

  @Test("goes on behind a segment that is gone, and without the control file")
  func gone() throws {
    storage.setContent(of: LogFileName.segment(2), nil)
    storage.setContent(of: LogFileName.control, nil)
    #expect(try shown() == [1, 2, 5, 6, 7, 8])
  }

  @Test("ends, while the owner is at work, with what its control file names")
  func inUse() throws {
    var log = try TestLog.open(storage, keyring: TestLog.keyring)
    try log.commit("vouched for")
    try log.settle()
    try log.commit("not yet")
    try storage.flipBit(ofSegment: 2, at: 712)
    #expect(try shown() == [1, 2, 3, 5, 6, 7, 8, 9])
    _ = log.durablePosition
  }
}
