import Cryptography
import SimulatedStorage
import Testing
import TransactionModel

@testable import WriteAheadLog

@Suite("A head that was noted")
struct ProofTests {
  private let storage = SimulatedStorage(seed: 21)
  private var heads: [LogHead] = []

  /// Three runs of four commits, and the head behind each commit.
  init() throws {
    try TestLog.create(storage)
    for run in 0..<3 {
      var log = try TestLog.open(storage, keyring: TestLog.keyring)
      for index in 0..<4 {
        try log.commit("record \(run) \(index)")
        heads.append(log.head)
      }
      if run == 1 { try log.settle() }
      storage.restartProcess()
    }
  }

  private func prove(_ head: LogHead) throws -> LogProof {
    try LogInspector.prove(storage, LogWatch(head)).proof
  }

  @Test("is confirmed, wherever in the log it is, without the key")
  func confirmed() throws {
    #expect(heads.count == 12)
    for (index, head) in heads.enumerated() {
      guard case .confirmed(let place) = try prove(head) else {
        Issue.record("head \(index) is not confirmed")
        continue
      }
      #expect(place.head == head && place.lastPosition.rawValue == UInt64(index + 1))
      #expect(place.segmentNumber == UInt64(index / 4 + 1))
    }
    #expect(try LogInspector.verify(storage).head == heads.last)
  }

  @Test("is refuted when the log was changed and sealed anew, from the change on")
  func changed() throws {
    let other = SimulatedStorage(seed: 22)
    try TestLog.create(other)
    var log = try TestLog.open(other, keyring: TestLog.keyring)
    for _ in 0..<12 { try log.commit("record") }
    other.restartProcess()
    for head in heads {
      guard case .changed = try LogInspector.prove(other, LogWatch(head)).proof else {
        Issue.record("\(head) was not refuted")
        continue
      }
    }
  }

  @Test("is refuted when the log ends before it or is of another history")
  func gone() throws {
    let last = try #require(heads.last)
    let later = LogHead(
      history: last.history, position: LogPosition(rawValue: 13), digest: last.digest)
    guard case .goneSince(let position) = try prove(later), position.rawValue == 12 else {
      Issue.record("a head behind the end was not refuted")
      return
    }
    let other = LogHead(
      history: HistoryIdentity(rawValue: 5), position: last.position, digest: last.digest)
    guard case .otherLog = try prove(other) else {
      Issue.record("another history was not refuted")
      return
    }
  }

  @Test("cannot be judged when the segments that would tell were removed")
  func removed() throws {
    storage.setContent(of: LogFileName.segment(1), nil)
    for (index, head) in heads.enumerated() {
      let verification = try LogInspector.verify(
        storage, after: LogPosition(rawValue: 4), watch: LogWatch(head))
      #expect((verification.watch?.place != nil) == (index >= 4), "head \(index)")
    }
  }

  @Test("is one line of text, which is read back whole or not at all")
  func text() throws {
    let head = try #require(heads.first)
    #expect(LogHead("\(head)") == head)
    #expect(LogHead("  \(head)\n") == head)
    for line in [
      "", "\(head) x", "\(head)".replacing("head 1", with: "head 2"), "\(head)".dropLast() + "g",
      String("\(head)".dropLast()),
    ] {
      #expect(LogHead(String(line)) == nil)
    }
  }

  @Test("is signed by the holder of the log's key, and by nobody else")
  func signed() throws {
    let head = try #require(heads.first)
    #expect(try SignedLogHead(head, keyring: .none) == nil)
    let signed = try #require(try SignedLogHead(head, keyring: TestLog.keyring))
    #expect(SignedLogHead("\(signed)") == signed && signed.head == head)
    let other = try #require(
      try SignedLogHead(head, keyring: LogKeyring(keys: [TestLog.key(2)])))
    #expect(other.signer != signed.signer)
    // Another head, or another signer, under the same signature.
    let line = "\(signed)"
    #expect(SignedLogHead(line.replacing("\(head)", with: "\(heads[1])")) == nil)
    #expect(SignedLogHead(line.replacing(signed.signer, with: other.signer)) == nil)
    #expect(SignedLogHead("\(head)") == nil)
  }

  @Test("a position is proven to be in its batch")
  func position() throws {
    for index in 1...12 {
      let proof = try LogInspector.prove(
        storage, LogWatch(LogPosition(rawValue: UInt64(index)))
      ).proof
      guard case .confirmed(let place) = proof else {
        Issue.record("position \(index) was not found")
        continue
      }
      #expect(place.head == heads[index - 1])
    }
  }
}
