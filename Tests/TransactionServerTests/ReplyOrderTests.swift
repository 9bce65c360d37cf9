import Testing
import TransactionModel

@testable import TransactionServer

@Suite("Replies on their way out")
struct ReplyOrderTests {
  @Test("the reply to a change goes when its position is durable, not before")
  func waitsForDurability() throws {
    let server = try TestServer()
    let client = try server.client()
    for _ in 0..<3 { try client.send(client.change()) }
    #expect(server.comesAbout { server.room.stagedCount == 3 })
    #expect(server.comesAbout { server.room.wakeCount > 0 })
    // An echo overtakes all three: what was sent for them would have come before it.
    try client.send(client.echo())
    #expect(ReplySummary(client.receive())?.traceNumber == 4)
    server.room.commit(through: 2)
    #expect(ReplySummary(client.receive())?.traceNumber == 1)
    #expect(ReplySummary(client.receive())?.traceNumber == 2)
    try client.send(client.echo())
    #expect(ReplySummary(client.receive())?.traceNumber == 5)
    server.room.commit()
    #expect(ReplySummary(client.receive())?.traceNumber == 3)
  }

  @Test("an inquiry overtakes a waiting change unless it rests on it")
  func inquiryOvertakes() throws {
    let server = try TestServer()
    let client = try server.client()
    try client.send(client.change())
    #expect(server.comesAbout { server.room.stagedCount == 1 })
    server.room.commit()
    #expect(ReplySummary(client.receive())?.traceNumber == 1)
    try client.send(client.change() + client.inquiry(restingOn: 2) + client.inquiry(restingOn: 1))
    #expect(ReplySummary(client.receive())?.traceNumber == 4)
    server.room.commit()
    #expect(ReplySummary(client.receive())?.traceNumber == 2)
    #expect(ReplySummary(client.receive())?.traceNumber == 3)
  }

  @Test("replies of several connections wait for one commit")
  func manyConnections() throws {
    let server = try TestServer()
    let clients = try (0..<8).map { _ in try server.client() }
    for client in clients { try client.send(client.change()) }
    #expect(server.comesAbout { server.room.stagedCount == 8 })
    server.room.commit()
    for client in clients { #expect(ReplySummary(client.receive())?.type == .reverse) }
  }

  @Test("no more is read while 64 replies wait")
  func backpressure() throws {
    let server = try TestServer()
    let client = try server.client()
    let witness = try server.client()
    // More than TLS takes in with one read: the rest makes the socket readable all the time.
    var bytes: [UInt8] = []
    for _ in 0..<640 { bytes += client.change() }
    try client.send(bytes)
    #expect(server.comesAbout { server.room.decidedCount == 64 })
    let wakeUps = server.count("reactors_wake_ups")
    for _ in 0..<50 {
      try witness.send(witness.echo())
      #expect(ReplySummary(witness.receive()) != nil)
    }
    #expect(server.room.stagedCount == 64)
    #expect(server.count("reactors_wake_ups") - wakeUps <= 100)
    var received: UInt32 = 0
    for _ in 0..<10 {
      #expect(server.comesAbout { server.room.stagedCount >= 64 })
      #expect(server.room.stagedCount == 64)
      server.room.commit()
      for _ in 0..<64 {
        received += 1
        #expect(ReplySummary(client.receive())?.traceNumber == received)
      }
    }
  }

  @Test("a request that finds no room in the batch is decided after the next commit")
  func waitsForRoom() throws {
    let server = try TestServer()
    server.room.limitRoom(to: 3)
    let client = try server.client()
    let witness = try server.client()
    var bytes: [UInt8] = []
    for _ in 0..<8 { bytes += client.change() }
    try client.send(bytes)
    #expect(server.comesAbout { server.room.stagedCount == 3 })
    try witness.send(witness.echo())
    #expect(ReplySummary(witness.receive()) != nil)
    #expect(server.count("reactors_room_waits") == 1)
    var received: UInt32 = 0
    for expected in [3, 3, 2] {
      #expect(server.comesAbout { server.room.stagedCount == expected })
      server.room.commit()
      for _ in 0..<expected {
        received += 1
        #expect(ReplySummary(client.receive())?.traceNumber == received)
      }
    }
  }

  @Test("changes are refused while the log takes none, and inquiries go on")
  func changesUnavailable() throws {
    let server = try TestServer()
    let client = try server.client()
    server.room.setChangesAvailable(false)
    try client.send(client.change() + client.inquiry())
    #expect(ReplySummary(client.receive())?.code == .changesUnavailable)
    #expect(ReplySummary(client.receive())?.code == .approved)
    #expect(server.count("refusals_4002") == 1)
  }
  @Test("a log that closes in the middle of a turn takes no change more of that turn")
  func changesUnavailableWithinTurn() throws {
    let server = try TestServer()
    let client = try server.client()
    server.room.takeNoMore(afterChanges: 2)
    // One TLS record, so one turn.
    try client.send(client.change() + client.change() + client.change())
    #expect(ReplySummary(client.receive())?.code == .changesUnavailable)
    #expect(server.room.stagedCount == 2)
    server.room.commit()
    #expect(ReplySummary(client.receive())?.traceNumber == 1)
    #expect(ReplySummary(client.receive())?.traceNumber == 2)
  }
}
