import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A log in parts")
struct PartsTests {
  private let storage = SimulatedStorage(seed: 31)

  /// Three runs of four commits: segments of positions 1 to 4, 5 to 8 and 9 to 12.
  init() throws {
    try TestLog.create(storage)
    for run in 0..<3 {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      for index in 0..<4 { try log.commit("record \(run) \(index)") }
      if run == 1 { try log.settle() }
      storage.restartProcess()
    }
  }

  private func parts(_ keyring: LogKeyring = TestLog.keyring) -> LogParts {
    LogParts(storage, keyring: keyring)
  }

  private func read(
    _ number: UInt64, after: UInt64 = 0, through: UInt64 = 12, _ parts: LogParts? = nil
  ) throws -> [UInt64] {
    var positions: [UInt64] = []
    try (parts ?? self.parts()).read(
      number, after: LogPosition(rawValue: after), through: LogPosition(rawValue: through)
    ) { positions.append($0.position.rawValue) }
    return positions
  }

  @Test("every position is found in its part, and nowhere else")
  func holding() throws {
    #expect(try parts().numbers() == 1...3)
    #expect(try parts().number(holding: .zero) == nil)
    for position in UInt64(1)...12 {
      let number = (position - 1) / 4 + 1
      #expect(try parts().number(holding: LogPosition(rawValue: position)) == number)
      #expect(try read(number, after: position - 1, through: position) == [position])
    }
    // What is not there yet would be in the last one.
    #expect(try parts().number(holding: LogPosition(rawValue: 99)) == 3)
  }

  @Test("a part shows its own records between any two positions", arguments: UInt64(0)...13)
  func range(after: UInt64) throws {
    for through in UInt64(0)...12 {
      for number in UInt64(1)...3 {
        let own = (number - 1) * 4 + 1...number * 4
        let wanted = own.filter { after < $0 && $0 <= through }
        #expect(try read(number, after: after, through: through) == wanted)
      }
    }
  }

  @Test("within a batch of several records, too, nothing else is shown")
  func batch() throws {
    var log = try TestLog.open(storage, keyring: TestLog.keyring)
    let record = TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [1])
    try log.commit([record, record, record, record])
    for after in UInt64(12)...16 {
      for through in UInt64(12)...16 {
        let wanted = (UInt64(13)...16).filter { after < $0 && $0 <= through }
        #expect(try read(4, after: after, through: through) == wanted)
      }
    }
  }

  @Test("batches that are whole and change places are damage")
  func disorder() throws {
    let bytes = try #require(storage.content(of: LogFileName.segment(2)))
    // The header and each batch of the fixture have 256 bytes.
    let swapped = bytes[..<256] + bytes[512..<768] + bytes[256..<512] + bytes[768...]
    storage.setContent(of: LogFileName.segment(2), Array(swapped))
    let expected = LogError.damaged(
      LogDamage(
        fileName: LogFileName.segment(2), offset: 256, reason: .batch(.outOfOrder),
        firstLostPosition: LogPosition(rawValue: 5), lastLostPosition: nil))
    #expect(throws: expected) { try read(2) }
  }

  @Test("under a running owner nothing behind what is durable is looked at")
  func running() throws {
    var log = try TestLog.open(storage, keyring: TestLog.keyring)
    try log.commit("one")
    try log.prepare()
    try log.write([TestRecord(kind: 1, serverTimeMilliseconds: 100, body: [1])])
    var bytes = try #require(storage.content(of: LogFileName.segment(4)))
    // The batch in flight, half written.
    for offset in 600..<660 { bytes[offset] = 0xEE }
    storage.setContent(of: LogFileName.segment(4), bytes)
    #expect(log.durablePosition.rawValue == 13)
    #expect(try parts().numbers() == 1...4, "what is only prepared is no part")
    #expect(try read(4, through: 13) == [13])
    #expect(throws: LogError.self) { try read(4, through: 14) }
  }

  @Test("damage before what is looked for is named, behind it is not met")
  func damaged() throws {
    var bytes = try #require(storage.content(of: LogFileName.segment(2)))
    bytes[512 + 200] ^= 4
    storage.setContent(of: LogFileName.segment(2), bytes)
    let expected = LogError.damaged(
      LogDamage(
        fileName: LogFileName.segment(2), offset: 512, reason: .batch(.digestMismatch),
        firstLostPosition: LogPosition(rawValue: 6), lastLostPosition: nil))
    #expect(throws: expected) { try read(2, after: 7) }
    #expect(try read(2, through: 5) == [5])
    #expect(try read(1) == Array(1...4))
    #expect(try read(3) == Array(9...12))
    #expect(throws: LogError.self) { try read(9) }
  }

  @Test("without its key a part is refused")
  func foreign() throws {
    for keyring in [LogKeyring(keys: [TestLog.key(2)]), .none] {
      #expect(throws: LogError.self) { try read(1, through: 4, parts(keyring)) }
    }
  }
}
