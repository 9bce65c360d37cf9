import AuditTrail
import LinuxSystem
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionServer

@Suite("What the server enters in the audit log")
struct AuditTests {
  @Test("every request but an answered echo is entered, with who spoke and what was told")
  func requests() throws {
    let audit = ControlledAudit()
    let server = try TestServer(audit: audit)
    let client = try server.client()
    var wrong = client.change()
    wrong[HeaderLayout.version.offset] = 9
    try client.send(client.echo() + client.inquiry(restingOn: 0) + client.change() + wrong)
    #expect(server.comesAbout { server.room.stagedCount == 1 })
    server.room.commit()
    for _ in 0..<4 { #expect(ReplySummary(client.receive()) != nil) }
    let entries = audit.requests()
    #expect(entries.map(\.traceNumber.rawValue) == [3, 4, 1])
    #expect(entries.map(\.messageType) == [0x31, 0x30, 0x30])
    #expect(entries.map(\.code) == [.approved, .approved, .versionUnknown])
    #expect(entries.map(\.marks) == [[], [], .notLookedUp])
    #expect(entries.map(\.position.rawValue) == [0, 1, 0])
    for entry in entries {
      #expect(entry.speaker == 1_001 && entry.terminal.rawValue == 1_001)
      #expect(entry.gatewaySite == nil && entry.operatorID.rawValue == 7)
    }
  }

  @Test("a foreign terminal's request is entered with the terminal that spoke")
  func foreignTerminal() throws {
    let audit = ControlledAudit()
    let server = try TestServer(audit: audit)
    let client = try server.client()
    try client.send(encode(client.nextHeader(terminal: 1_002), .last(traceNumber: 0)))
    #expect(ReplySummary(client.receive()) != nil)
    let entry = try #require(audit.requests().first)
    #expect(entry.terminal.rawValue == 1_002 && entry.speaker == 1_001)
    #expect(entry.marks == .securityEvent)
  }

  @Test("a reply goes when its entry is durable, not before, where replies wait for it")
  func holdsReplies() throws {
    let audit = ControlledAudit(holdsReplies: true)
    let server = try TestServer(audit: audit)
    let client = try server.client()
    try client.send(client.inquiry() + client.change() + client.inquiry() + client.echo())
    // The echo overtakes all three: what was sent for them would have come before it.
    #expect(ReplySummary(client.receive())?.traceNumber == 4)
    #expect(audit.wakeCount > 0)
    // The state log alone is not enough for the change.
    server.room.commit()
    try client.send(client.echo())
    #expect(ReplySummary(client.receive())?.traceNumber == 5)
    #expect(audit.requests().count == 3)
    for trace in 1...3 as ClosedRange<UInt32> {
      #expect(ReplySummary(client.receive())?.traceNumber == trace)
    }
    // Nor is the audit log.
    try client.send(client.change())
    #expect(server.comesAbout { server.room.stagedCount == 1 })
    audit.commit()
    try client.send(client.echo())
    #expect(ReplySummary(client.receive())?.traceNumber == 7)
    server.room.commit()
    #expect(ReplySummary(client.receive())?.traceNumber == 6)
  }

  @Test("no reply waits for its entry where they need not")
  func holdsNothing() throws {
    let audit = ControlledAudit()
    let server = try TestServer(audit: audit)
    let client = try server.client()
    for trace in 1...50 as ClosedRange<UInt32> {
      try client.send(client.inquiry())
      #expect(ReplySummary(client.receive())?.traceNumber == trace)
    }
    // Woken for the first of the batch, and not again while it gathers.
    #expect(audit.wakeCount == 1)
    #expect(audit.requests().count == 50)
    try client.send(client.inquiry())
    #expect(ReplySummary(client.receive())?.traceNumber == 51)
    #expect(server.comesAbout { audit.wakeCount == 2 })
  }

  @Test("a request that finds no room for its entry is decided after the next commit")
  func waitsForRoom() throws {
    // Room for the entries that a reactor reserves at once, and no more.
    let audit = ControlledAudit(byteCapacity: 4_096)
    let server = try TestServer(audit: audit)
    let client = try server.client()
    let witness = try server.client()
    var bytes: [UInt8] = []
    for _ in 0..<100 { bytes += client.inquiry() }
    try client.send(bytes)
    var received: UInt32 = 0
    for expected in [32, 32, 32, 4] {
      #expect(server.comesAbout { server.room.decidedCount >= Int(received) + expected })
      // What has no room has not been decided, and holds up nobody who needs none.
      try witness.send(witness.echo())
      #expect(ReplySummary(witness.receive()) != nil)
      for _ in 0..<expected {
        received += 1
        #expect(ReplySummary(client.receive())?.traceNumber == received)
      }
      audit.commit()
    }
    #expect(audit.requests().count == 100)
    #expect(server.count("reactors_room_waits") >= 3)
  }

  @Test("while the audit log has no room, all but echoes is refused, to be tried again")
  func closed() throws {
    let audit = ControlledAudit()
    let server = try TestServer(audit: audit)
    let client = try server.client()
    audit.setOpen(false)
    try client.send(client.inquiry() + client.change() + client.echo())
    #expect(ReplySummary(client.receive())?.code == .busy)
    #expect(ReplySummary(client.receive())?.code == .busy)
    #expect(ReplySummary(client.receive())?.code == .approved)
    #expect(server.room.decidedCount == 1 && audit.requests().isEmpty)
    #expect(server.count("reactors_audit_refusals") == 2)
    audit.setOpen(true)
    try client.send(client.inquiry())
    #expect(ReplySummary(client.receive())?.code == .approved)
    #expect(audit.requests().count == 1)
  }

  @Test("a flood of connections that are not let in takes one entry for each reason")
  func flood() throws {
    let audit = ControlledAudit()
    let certificates = try CertificateFolder()
    let server = try TestServer(certificates: certificates, audit: audit)
    for _ in 0..<40 {
      let connection = try server.plainConnection()
      _ = connection.send([UInt8](repeating: 0x58, count: 64).rawBytes)
      let isAnswered = connection.waitUntil(
        .readable, timeoutMilliseconds: TestClient.patienceMilliseconds)
      #expect(isAnswered)
    }
    #expect(server.comesAbout { server.count("handshake_failed_not_tls") == 40 })
    #expect(audit.commit().isEmpty)
    server.server.stop(drainMilliseconds: 0)
    server.isStopped = true
    let entries = audit.commit()
    #expect(entries.count == 1)
    guard case .handshakes(let entry)? = entries.first?.body else {
      Issue.record("no entry of handshakes")
      return
    }
    #expect(entry.count == 40 && entry.reason == .notTLS)
    #expect(entry.prefix == AddressPrefix(bits: 0x7F00_0001, isVersion4: true))
    #expect(entry.prefix.bits == 0x7F00_0000)
  }
}
