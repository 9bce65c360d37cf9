import Foundation
import LinuxSystem
import Testing
import TransactionModel
import WireFormat

@testable import TerminalClient

@Suite("PendingFile")
struct PendingFileTests {
  private let directory: TemporaryDirectory
  private static let terminal = TerminalID(rawValue: 1_001)
  private static let key = Array("-----BEGIN PRIVATE KEY-----".utf8)

  init() throws { directory = try TemporaryDirectory() }

  private func open(
    key: [UInt8] = Self.key, terminal: TerminalID = Self.terminal
  ) throws(TerminalError) -> PendingFile {
    let folder = try reporting(directory.path) { () throws(SystemError) in
      try Directory(path: directory.path)
    }
    return try PendingFile.open(
      folder, name: "pending", path: "pending", terminal: terminal, privateKey: key)
  }

  private func handle() throws -> FileHandle {
    try FileHandle(forUpdating: URL(filePath: directory.file("pending")))
  }

  @Test("gives back what was kept, in the order in which it was made", arguments: [1, 2, 30])
  func roundTrip(count: UInt32) throws {
    let changes = (1...count).map { Samples.change($0, isSent: $0 % 2 == 0) }
    do {
      var file = try open()
      for change in changes.shuffled() { try file.keep(change) }
    }
    #expect(try open().changes == changes)
    #expect(try open().unreadablePlaces == [])
  }

  @Test("holds every kind of change, and its reversal", arguments: Samples.bodies)
  func everyKind(body: RequestBody) throws {
    var change = Samples.change(7, body)
    var file = try open()
    try file.keep(change)
    if let reversal = change.reversalBody { change.reversal = Samples.request(8, reversal) }
    change.mayHaveBeenSent = true
    try file.keep(change)
    #expect(file.changes == [change])
    #expect(try open().changes == [change])
  }

  @Test("erases a change so that no byte of it is left")
  func erased() throws {
    var file = try open()
    let empty = try directory.bytes(of: "pending")
    for number in UInt32(1)...3 { try file.keep(Samples.change(number)) }
    try file.keep(Samples.change(2, isSent: true))
    for number in UInt32(1)...3 { try file.erase(SystemTraceAuditNumber(rawValue: number)) }
    #expect(try directory.bytes(of: "pending") == empty)
    try file.erase(SystemTraceAuditNumber(rawValue: 9))
    #expect(try open().changes.isEmpty)
  }

  @Test("shows nothing of a client, a card or an operator, and is its owner's alone")
  func sealed() throws {
    var file = try open()
    try file.keep(Samples.change(1, .activate(Samples.certification)))
    let bytes = try directory.bytes(of: "pending")
    for text in ["Quackenbush", "Philomena", "1000000000001", "10000000000016"] {
      #expect(!Data(bytes).contains(Data(text.utf8)), "the file shows \(text)")
    }
    let frame = Samples.change(1, .activate(Samples.certification)).request.frame
    for offset in stride(from: 0, to: frame.count - 8, by: 8) {
      let part = frame[offset..<offset + 8]
      // What a client's data is not made of, zeros and spaces, may be anywhere.
      guard Set(part).subtracting([0, 0x20]).count > 2 else { continue }
      #expect(!Data(bytes).contains(Data(part)), "the file shows bytes \(offset) of the frame")
    }
    let attributes = try FileManager.default.attributesOfItem(atPath: directory.file("pending"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
  }

  @Test("never takes a change with any byte altered for one")
  func everyByte() throws {
    let change = Samples.change(1, .activate(Samples.certification), isSent: true)
    do {
      var file = try open()
      try file.keep(change)
    }
    let whole = try directory.bytes(of: "pending")
    let place = try #require(
      stride(from: PendingFile.placeStride, to: whole.count, by: PendingFile.placeStride)
        .first { whole[$0] != 0 || whole[$0 + 1] != 0 })
    let file = try handle()
    for offset in Array(0..<48) + Array(place..<place + PendingFile.placeByteCount) {
      try file.seek(toOffset: UInt64(offset))
      try file.write(contentsOf: [whole[offset] ^ (1 << UInt8(offset % 8))])
      if offset < place {
        #expect(isRefused(), "byte \(offset) of the head is not looked at")
      } else {
        let opened = try open()
        #expect(opened.changes == [], "byte \(offset) is not looked at")
        #expect(opened.unreadablePlaces.count == 1)
      }
      try file.seek(toOffset: UInt64(offset))
      try file.write(contentsOf: [whole[offset]])
    }
    #expect(try open().changes == [change])
  }

  @Test("is refused at every other length")
  func everyLength() throws {
    do {
      var file = try open()
      try file.keep(Samples.change(1))
    }
    let whole = try directory.bytes(of: "pending")
    let lengths =
      Array(0..<100) + Array(stride(from: 100, to: whole.count, by: 4_093))
      + [whole.count - 1, whole.count + 1]
    let file = try handle()
    for length in lengths {
      try file.truncate(atOffset: UInt64(length))
      #expect(isRefused(), "\(length) bytes are taken for the file")
    }
    try directory.write(whole, to: "pending")
    #expect(try open().changes == [Samples.change(1)])
  }

  @Test("sees a torn write as such at every length, and keeps what was there before")
  func torn() throws {
    let (first, second) = (Samples.change(1), Samples.change(2))
    do {
      var file = try open()
      try file.keep(first)
    }
    let before = try directory.bytes(of: "pending")
    do {
      var file = try open()
      try file.keep(second)
    }
    let after = try directory.bytes(of: "pending")
    let place = try #require(after.indices.first { after[$0] != before[$0] }) & ~4_095
    let file = try handle()
    for length in 0..<PendingFile.placeByteCount {
      let torn = after[place..<place + length] + before[place + length..<place + 512]
      try file.seek(toOffset: UInt64(place))
      try file.write(contentsOf: torn)
      let opened = try open()
      #expect(opened.changes == [first])
      #expect(opened.unreadablePlaces.count == (length == 0 ? 0 : 1))
    }
    var opened = try open()
    try opened.discardUnreadable()
    #expect(try open().unreadablePlaces == [])
    #expect(try open().changes == [first])
  }

  @Test("takes the newer of two forms that a crash has left, wherever they lie")
  func twoForms() throws {
    let old = Samples.change(1)
    let new = Samples.change(1, isSent: true)
    do {
      var file = try open()
      try file.keep(old)
    }
    let before = try directory.bytes(of: "pending")
    do {
      var file = try open()
      try file.keep(new)
    }
    // The former place as it was before it was cleared.
    var both = try directory.bytes(of: "pending")
    for index in both.indices where both[index] == 0 { both[index] = before[index] }
    try directory.write(both, to: "pending")
    #expect(try open().changes == [new])
    #expect(try open().changes == [new])
  }

  @Test("refuses another key while a change is pending, and takes it when none is")
  func otherKey() throws {
    let other = Array("another key".utf8)
    do {
      var file = try open()
      try file.keep(Samples.change(1))
    }
    #expect(isRefused(key: other))
    #expect(isRefused(terminal: TerminalID(rawValue: 1_002)))
    do {
      var file = try open()
      try file.erase(SystemTraceAuditNumber(rawValue: 1))
    }
    #expect(try open(key: other).changes == [])
    do {
      var file = try open(key: other)
      try file.keep(Samples.change(1))
    }
    #expect(isRefused())
  }

  @Test("does not open a change in another place than its own")
  func moved() throws {
    do {
      var file = try open()
      try file.keep(Samples.change(1))
    }
    var bytes = try directory.bytes(of: "pending")
    let place = try #require(
      stride(from: PendingFile.placeStride, to: bytes.count, by: PendingFile.placeStride)
        .first { bytes[$0] != 0 })
    let target = place == PendingFile.placeStride ? place * 2 : PendingFile.placeStride
    for offset in 0..<512 { bytes[target + offset] = bytes[place + offset] }
    try directory.write(bytes, to: "pending")
    #expect(try open().unreadablePlaces.count == 1)
    #expect(try open().changes.count == 1)
  }

  @Test("keeps as many as it has room for, and lets each of them be cancelled then")
  func full() throws {
    var file = try open()
    for number in 1..<UInt32(PendingFile.placeCount) { try file.keep(Samples.change(number)) }
    do throws(TerminalError) {
      try file.keep(Samples.change(9_999))
      Issue.record("there was room for one more")
    } catch {
      guard case .pendingFull(_, PendingFile.placeCount - 1) = error else { throw error }
    }
    try file.keep(Samples.change(5, isSent: true))
    try file.erase(SystemTraceAuditNumber(rawValue: 6))
    try file.keep(Samples.change(9_999))
  }

  @Test("begins anew over what a crash left of its making")
  func leftover() throws {
    try directory.write([1, 2, 3], to: "pending.new")
    #expect(try open().changes == [])
  }

  private func isRefused(
    key: [UInt8] = Self.key, terminal: TerminalID = Self.terminal
  ) -> Bool {
    do throws(TerminalError) {
      _ = try open(key: key, terminal: terminal)
      return false
    } catch {
      guard case .pendingUnreadable = error else { return false }
      return true
    }
  }
}
