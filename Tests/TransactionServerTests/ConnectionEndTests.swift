import LinuxSystem
import Testing
import TransactionModel

@testable import TransactionServer

@Suite("How connections end")
struct ConnectionEndTests {
  @Test("a reader that takes nothing is read no further, and closed in the end")
  func slowReader() throws {
    var limits = TestServer.limits
    limits.writeStallMilliseconds = 200
    let server = try TestServer(limits: limits)
    let client = try server.client()
    let many = (0..<200).flatMap { _ in client.inquiry() }
    #expect(
      server.comesAbout {
        _ = client.sendNow(many)
        return server.count("closed_write_stalled") == 1
      })
    #expect(server.count("reactors_read_pauses") > 0)
    #expect(server.comesAbout { server.count("connections_open") == 0 })
  }

  @Test("a peer may vanish while its replies wait")
  func vanishes() throws {
    let server = try TestServer()
    do {
      let client = try server.client()
      try client.send(client.change())
      #expect(server.comesAbout { server.room.stagedCount == 1 })
    }
    let other = try server.client()
    try other.send(other.change())
    #expect(server.comesAbout { server.room.stagedCount == 2 })
    server.room.commit()
    #expect(ReplySummary(other.receive())?.type == .reverse)
    #expect(server.comesAbout { server.count("closed_peer_vanished") == 1 })
    #expect(server.comesAbout { server.count("connections_open") == 1 })
  }

  @Test("more that hang up than have their turn at once are let go, and answered before")
  func many() throws {
    let server = try TestServer()
    let stays = try server.client()
    let count = 40
    #expect(count > 2 * Reactor<ControlledRoom>.leavingCountMax)
    let clients = try (0..<count).map { _ in try server.client() }
    for client in clients { try client.send(client.change()) }
    #expect(server.comesAbout { server.room.stagedCount == count })
    for client in clients {
      try client.send(client.echo())
      client.hangUp()
    }
    try stays.send(stays.echo())
    #expect(ReplySummary(stays.receive())?.type == .echo)
    // What rests on nothing overtakes what waits for the log.
    for client in clients { #expect(ReplySummary(client.receive())?.type == .echo) }
    server.room.commit()
    for client in clients {
      #expect(ReplySummary(client.receive())?.type == .reverse)
      #expect(client.receive() == .closed)
    }
    #expect(server.comesAbout { server.count("closed_peer_closed") == UInt64(count) })
    #expect(server.comesAbout { server.count("connections_open") == 1 })
  }

  @Test("a quiet connection is closed by the idle deadline, with a word")
  func idle() throws {
    var limits = TestServer.limits
    limits.quietMilliseconds = 20
    limits.idleDeadlineMilliseconds = 100
    let server = try TestServer(limits: limits)
    let client = try server.client()
    #expect(client.receive() == .closed)
    #expect(server.count("closed_idle") == 1)
  }

  @Test("a connection that has given its buffers back is served again")
  func quiet() throws {
    var limits = TestServer.limits
    limits.quietMilliseconds = 1
    let server = try TestServer(limits: limits)
    let client = try server.client()
    for _ in 0..<3 {
      try client.send(client.echo())
      #expect(ReplySummary(client.receive()) != nil)
      let wakeUps = server.count("reactors_wake_ups")
      #expect(server.comesAbout { server.count("reactors_wake_ups") > wakeUps + 2 })
    }
  }

  @Test("garbage behind the handshake ends the connection and nobody else's")
  func garbage() throws {
    let server = try TestServer()
    let tap = try CipherTap(port: server.server.port, context: server.context)
    #expect(server.comesAbout { server.count("reactors_connections") == 1 })
    try tap.sendRaw(Array(repeating: 0x2A, count: 100))
    #expect(server.comesAbout { server.count("closed_tls_failed") == 1 })
    let client = try server.client()
    try client.send(client.echo())
    #expect(ReplySummary(client.receive()) != nil)
  }

  @Test("more that break off with a reset than have their turn at once are let go")
  func resets() throws {
    let server = try TestServer()
    let stays = try server.client()
    let count = 40
    do {
      let clients = try (0..<count).map { _ in try server.client() }
      for client in clients { try client.send(client.echo()) }
      #expect(server.comesAbout { server.count("replies_approved") == UInt64(count) })
      // A socket that is closed with something unread resets the connection.
    }
    try stays.send(stays.echo())
    #expect(ReplySummary(stays.receive())?.type == .echo)
    #expect(server.comesAbout { server.count("closed_peer_vanished") == UInt64(count) })
    #expect(server.comesAbout { server.count("connections_open") == 1 })
  }

  @Test("a peer that ends without a word is let go without one")
  func breaksOff() throws {
    let server = try TestServer()
    let tap = try CipherTap(port: server.server.port, context: server.context)
    #expect(server.comesAbout { server.count("reactors_connections") == 1 })
    #expect(tap.breakOff().isEmpty)
    #expect(server.count("closed_peer_vanished") == 1)
  }

  @Test("a server that stops sends what it has decided, and says goodbye")
  func drain() throws {
    let server = try TestServer()
    let busy = try server.client()
    let quiet = try server.client()
    try quiet.send(quiet.echo())
    #expect(ReplySummary(quiet.receive()) != nil)
    try busy.send(busy.change())
    #expect(server.comesAbout { server.room.stagedCount == 1 })
    let stopping = try Stopping(server.server)
    #expect(quiet.receive() == .closed)
    #expect(!stopping.hasStopped)
    server.room.commit()
    #expect(ReplySummary(busy.receive())?.type == .reverse)
    #expect(busy.receive() == .closed)
    #expect(server.comesAbout { stopping.hasStopped })
    #expect(server.count("closed_shutdown") == 2)
    #expect(server.count("connections_open") == 0)
    #expect(throws: NetworkError.self) { _ = try server.plainConnection() }
  }

  @Test("a server that stops waits no longer than it may for the log")
  func drainBounded() throws {
    let server = try TestServer()
    let client = try server.client()
    try client.send(client.change())
    #expect(server.comesAbout { server.room.stagedCount == 1 })
    server.server.stop(drainMilliseconds: 10)
    #expect(client.receive() == .closed)
  }
}
