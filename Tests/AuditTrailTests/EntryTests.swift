import SimulatedStorage
import Testing
import TransactionModel
import WriteAheadLog

@testable import AuditTrail

@Suite("An entry of the audit log")
struct EntryTests {
  static let requests: [AuditRequest] = {
    var inquiry = Sample.request(1)
    inquiry.purpose = 3
    inquiry.detail = 20_261_102
    inquiry.marks = .all
    inquiry.flags = FrameFlags(rawValue: 0x7F)
    return [
      inquiry, Sample.request(.max),
      AuditRequest(
        terminal: TerminalID(rawValue: 0), operatorID: OperatorID(rawValue: 0),
        speaker: .gateway(SiteID(rawValue: 1_500_000_009)), position: .zero, card: .blank,
        traceNumber: SystemTraceAuditNumber(rawValue: 0), messageType: 0xFF,
        code: .messageTypeUnknown, flags: [], marks: []),
    ]
  }()

  static let commands: [AuditCommand] = {
    var card = AuditCommand(user: 1_000, role: .office, name: "card.lost", outcome: .done)
    card.subject = .card
    card.card = Sample.card
    var reading = AuditCommand(user: 0, role: .office, name: "audit.read", outcome: .begun)
    reading.subject = .terminal
    reading.id = 1_001
    reading.reason = String(repeating: "ä", count: AuditCommand.reasonByteCountMax / 2)
    return [
      card, reading,
      AuditCommand(
        user: .max, role: nil, name: String(repeating: "n", count: AuditCommand.nameByteCountMax),
        outcome: .notPermitted),
      AuditCommand(user: 1, role: .helpDesk, name: "", outcome: .refused),
    ]
  }()

  static let handshakes = HandshakeFailure.allCases.map {
    AuditHandshakes(
      prefix: AddressPrefix(bits: .max >> 64, isVersion4: false), firstMilliseconds: .max - 1,
      count: .max, reason: $0)
  }

  @Test("is read back as it was entered")
  func roundTrips() throws {
    let trail = Sample.trail()
    #expect(trail.reserve(Self.requests.count))
    for request in Self.requests { _ = trail.enter(request, at: Sample.time) }
    for command in Self.commands { #expect(trail.enter(command, at: Sample.time) != nil) }
    for entry in Self.handshakes { #expect(trail.enter(entry, at: Sample.time) != nil) }
    let entries = try Sample.take(trail)
    #expect(
      entries.map(\.body)
        == Self.requests.map(AuditEntry.Body.request) + Self.commands.map(AuditEntry.Body.command)
        + Self.handshakes.map(AuditEntry.Body.handshakes))
    #expect(entries.map(\.position.rawValue) == (1...UInt64(entries.count)).map { $0 })
    #expect(entries.allSatisfy { $0.serverTime == Sample.time })
  }

  @Test("takes 88 bytes for a request")
  func size() throws {
    let trail = Sample.trail()
    #expect(trail.reserve(1))
    _ = trail.enter(Sample.request(1), at: Sample.time)
    try Sample.forEachRecord(trail) { #expect($0.body.byteCount == 64) }
  }

  @Test("of any other length, or with a byte set that is none, is refused")
  func refused() throws {
    let bodies = try Sample.bodies(Self.requests[0], Self.commands[1], Self.handshakes[0])
    func reads(_ kind: Int, _ body: [UInt8]) -> Bool {
      switch kind {
      case 0: unsafe AuditRequest(body.span.bytes) != nil
      case 1: unsafe AuditCommand(body.span.bytes) != nil
      default: unsafe AuditHandshakes(body.span.bytes) != nil
      }
    }
    for (kind, body) in bodies.enumerated() {
      #expect(reads(kind, body))
      for count in 0..<body.count { #expect(!reads(kind, Array(body.prefix(count))), "\(count)") }
      #expect(!reads(kind, body + [0]))
    }
    // Bytes that may only be zero, or one of a few values.
    let guarded: [(kind: Int, offset: Int, value: UInt8)] = [
      (0, 61, 0x10), (0, 62, 1), (0, 63, 1), (1, 4, 5), (1, 5, 7), (1, 6, 6), (1, 7, 1),
      (2, 0, 0), (2, 28, 18), (2, 29, 5), (2, 30, 1), (2, 31, 1),
    ]
    for (kind, offset, value) in guarded {
      var body = bodies[kind]
      body[offset] = value
      if kind == 2, offset == 0 { body[0] = 1 }
      #expect(!reads(kind, body), "kind \(kind + 1), byte \(offset)")
    }
  }

  @Test("of a kind that is not known is none")
  func unknownKind() throws {
    var batch = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
    _ = batch.append(kind: 4, serverTimeMilliseconds: 1, maximumByteCount: 0) { _ in }
    batch.forEachRecord { #expect(AuditEntry($0) == nil) }
  }

  @Test(
    "of an address names the first 24 or 56 bits",
    arguments: [
      (0xC000_02FF, true, 0xC000_0200), (0xFFFF_FFFF, true, 0xFFFF_FF00),
      (UInt128.max, false, UInt128.max << 72), (1 << 72, false, 1 << 72), (1 << 71, false, 0),
    ] as [(UInt128, Bool, UInt128)])
  func prefixes(bits: UInt128, isVersion4: Bool, prefix: UInt128) {
    #expect(AddressPrefix(bits: bits, isVersion4: isVersion4).bits == prefix)
  }
}
