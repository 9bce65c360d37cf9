import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

@Suite("Records of transactions")
struct TransactionRecordTests {
  /// Bodies of one record of each shape, written by an engine.
  static let bodies: [[UInt8]] = (try? makeBodies()) ?? []

  static func makeBodies() throws -> [[UInt8]] {
    var line = Line(try FixtureEngine())
    let claim = RetroactiveClaim(
      flags: 3, mediCal: .none, otherCoverage: .none, familySize: 1, monthlyIncome: 0)
    try line.send(Scene.activate(Fixture.card(0), claims: [claim, claim, claim]))
    try line.send(Scene.activate(Fixture.unknownCard(0)))
    try line.send(Scene.update(Fixture.card(0), expecting: 1, SampleForm.emptyUpdate))
    try line.send(Scene.inquire(Fixture.card(0), .verify))
    try line.send(Scene.signOn)
    try line.send(Scene.deactivate(Fixture.card(0)))
    return line.engine.records.dropFirst(line.engine.openingCount).map(\.body)
  }

  @Test("an activation takes at most 768 bytes of the log, a refusal at most 256")
  func sizes() throws {
    var traffic = SeededTraffic(seed: 11, try FixtureEngine())
    try traffic.play(1_500)
    for staged in traffic.line.engine.records
    where staged.kind == RecordKind.transaction.rawValue {
      let record = try #require(TransactionRecord(body: staged.body))
      #expect(staged.extent <= (record.image == nil ? 256 : 768))
      #expect(staged.body.count <= TransactionRecord.byteCountMax)
    }
    #expect(Self.bodies.count == 6)
  }

  @Test("are written again as they were read", arguments: bodies.indices)
  func roundTrip(index: Int) throws {
    let body = Self.bodies[index]
    let record = try #require(TransactionRecord(body: body))
    #expect(record.encoded == body)
  }

  @Test("are refused at every other length", arguments: bodies.indices)
  func truncated(index: Int) {
    let body = Self.bodies[index]
    for count in 0..<body.count {
      #expect(TransactionRecord(body: Array(body[..<count])) == nil, "\(count) bytes")
    }
    for count in 1...8 {
      let longer = body + [UInt8](repeating: 0, count: count)
      #expect(TransactionRecord(body: longer) == nil, "\(count) bytes more")
    }
  }

  @Test("with any one bit flipped are refused or mean something else", arguments: bodies.indices)
  func flipped(index: Int) {
    let body = Self.bodies[index]
    for bit in 0..<(body.count * 8) {
      var damaged = body
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let record = TransactionRecord(body: damaged) else { continue }
      #expect(record.encoded == damaged, "bit \(bit)")
      // What is read can be applied: a stored reply has the length of a frame.
      let answer = record.storedAnswer(position: LogPosition(rawValue: 1), serverTime: .none)
      guard let answer else { continue }
      var reply = FrameBuffer()
      unsafe reply.copy(
        answer.reply.span.bytes.extracting(first: Int(answer.replyByteCount)),
        paddedTo: Int(answer.frameByteCount))
    }
  }

  @Test("hold no secret and no request, but the client's data as it is afterwards")
  func content() throws {
    let body = Self.bodies[0]
    let record = try #require(TransactionRecord(body: body))
    #expect(record.image?.client == SampleForm.eligible)
    #expect(record.image?.version == 1)
    #expect(record.policyVersion != 0 && record.tableVersion != 0)
    #expect(record.policyVersion != record.tableVersion)
    #expect(record.code == .activated && record.site == Fixture.clinic)
    let refused = try #require(TransactionRecord(body: Self.bodies[1]))
    #expect(refused.image == nil && refused.code == .cardUnknown)
    // Whoever knew the digest could try secrets: all the rest of the frame is in the record.
    let signOn = try #require(TransactionRecord(body: Self.bodies[4]))
    #expect(signOn.messageType == MessageType.signOn.rawValue && signOn.digest == 0)
  }
}

extension TransactionRecord {
  /// The bytes of the record's body.
  var encoded: [UInt8] { StagedRecord.body { write(to: &$0) } }
}
