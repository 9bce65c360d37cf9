import Observability
import Testing
import TransactionModel
import WireFormat

@testable import TransactionServer

@Suite("Frames on their way in")
struct FramingTests {
  @Test("several inquiries that come at once are foreseen, an echo between them passed over")
  func foreseen() throws {
    let server = try TestServer()
    let client = try server.client()
    let cards = (UInt64(0)..<20).map {
      CardScheme.healthAccessNumber(serial: 1_000_000_000_001 + $0)
    }
    let count = 19
    try client.send(
      client.inquiry(of: cards[0]) + client.echo()
        + cards[1..<count - 1].flatMap { client.inquiry(of: $0) })
    #expect(server.comesAbout { server.room.decidedCount == count })
    // No more than are decided before they are needed, and the order that they came in.
    #expect(server.room.foreseen == Array(cards.prefix(16)))
    try client.send(client.inquiry(of: cards[19]))
    #expect(server.comesAbout { server.room.decidedCount == count + 1 })
    #expect(server.room.foreseen.count == 16, "one alone is decided at once")
  }

  /// Inquiries on each of some connections that come at once, and how often the engine is told of
  /// cards.
  @Test(
    "inquiries of several connections are foreseen together, before any is decided",
    arguments: [
      ([1, 1, 1], 1), ([Int](repeating: 1, count: 20), 2), ([16, 1, 1], 2), ([10, 10, 1], 2),
      ([1, 0, 1], 1),
    ])
  func foreseenAcrossConnections(_ counts: [Int], foresightCount: Int) throws {
    let server = try TestServer()
    let first = try server.client()
    let others = try counts.map { _ in try server.client() }
    for client in others {
      try client.send(client.echo())
      _ = client.receive()
    }
    let cards = (0..<counts.reduce(0, +)).map {
      CardScheme.healthAccessNumber(serial: 1_000_000_000_001 + UInt64($0))
    }
    defer { server.room.release() }
    server.room.holdNextDecision()
    try first.send(first.echo())
    #expect(server.comesAbout { server.room.isHeld })
    var sentCount = 0
    for (client, count) in zip(others, counts) {
      // Who sends nothing hangs up.
      if count == 0 { client.close() }
      if count > 0 {
        try client.send(cards[sentCount..<sentCount + count].flatMap { client.inquiry(of: $0) })
      }
      sentCount += count
    }
    server.room.release()
    let before = others.count + 1
    #expect(server.comesAbout { server.room.decidedCount == before + cards.count })
    #expect(Set(server.room.foreseen) == Set(cards))
    #expect(server.room.foresightCount == foresightCount)
    if foresightCount == 1 { #expect(server.room.decidedBeforeForeseen == before) }
  }

  @Test("of all that name a card and come at once the card is foreseen, well-formed or not")
  func foreseenTypes() throws {
    let server = try TestServer()
    let client = try server.client()
    let inquiry = client.inquiry()
    /// An inquiry's header and a card, in a frame of another type and length.
    func frame(_ type: MessageType, _ byteCount: Int, _ card: UInt8) -> [UInt8] {
      var frame = inquiry.prefix(48) + [UInt8](repeating: 0, count: byteCount - 48)
      frame[HeaderLayout.messageType.offset] = type.rawValue
      frame[HeaderLayout.frameLength.offset] = UInt8(byteCount >> 8)
      frame[HeaderLayout.frameLength.offset + 1] = UInt8(byteCount & 0xFF)
      if byteCount >= InquiryRequestLayout.card.range.upperBound {
        frame[InquiryRequestLayout.card.range.upperBound - 1] = card
      }
      return Array(frame)
    }
    var frames = frame(.activate, 48, 0) + frame(.update, 64, 99)
    var cards: [CardNumber] = []
    for type in MessageType.allCases {
      let byteCount = MessageLayout.request(type).byteCount
      frames += frame(type, byteCount, type.rawValue)
      if type.namesCard { cards.append(CardNumber(high: 0, low: UInt64(type.rawValue))) }
    }
    try client.send(frames)
    #expect(server.comesAbout { server.room.foreseen.count >= cards.count })
    #expect(server.room.foreseen == cards && cards.count == 5)
  }

  @Test("an echo gets its reply")
  func echo() throws {
    let server = try TestServer()
    let client = try server.client()
    try client.send(client.echo())
    let reply = try #require(ReplySummary(client.receive()))
    #expect(reply.type == .echo && reply.code == .approved && reply.traceNumber == 1)
    #expect(server.count("frames_echo") == 1)
    #expect(server.count("replies_approved") == 1)
    #expect(server.count("reactors_security_events") == 0)
  }

  @Test("a frame is read alike wherever it was split")
  func split() throws {
    let server = try TestServer()
    let client = try server.client()
    let witness = try server.client()
    for place in 1..<48 {
      let frame = client.echo()
      try client.send(Array(frame[..<place]))
      // The one reactor has seen the first part once it answers somebody who came after it.
      try witness.send(witness.echo())
      #expect(ReplySummary(witness.receive()) != nil)
      try client.send(Array(frame[place...]))
      let reply = ReplySummary(client.receive())
      #expect(reply?.traceNumber == UInt32(place) && reply?.code == .approved, "split at \(place)")
    }
  }

  @Test("a frame that comes together with the end of the handshake gets its reply")
  func behindHandshake() throws {
    let server = try TestServer()
    let frame = try server.client().echo()
    let tap = try CipherTap(port: server.server.port, context: server.context, first: frame)
    #expect(server.comesAbout { server.count("frames_echo") == 1 })
    withExtendedLifetime(tap) {}
  }

  @Test("several reactors take connections in turn")
  func severalReactors() throws {
    let server = try TestServer(reactorCount: 3)
    let clients = try (0..<6).map { _ in try server.client() }
    for client in clients {
      try client.send(client.change() + client.echo())
      #expect(ReplySummary(client.receive())?.type == .echo)
    }
    server.room.commit()
    for client in clients { #expect(ReplySummary(client.receive())?.type == .reverse) }
    let statistics = server.server.statistics
    #expect(statistics.reactors.map { $0.events[.connections] } == [2, 2, 2])
  }

  @Test("many frames in one record, and one frame over two records, get their replies in order")
  func manyInOneRecord() throws {
    let server = try TestServer()
    let client = try server.client()
    var bytes: [UInt8] = []
    let count = 300
    for index in 0..<count { bytes += index % 2 == 0 ? client.echo() : client.inquiry() }
    let halfWay = bytes.count / 2 + 5
    try client.send(Array(bytes[..<halfWay]))
    try client.send(Array(bytes[halfWay...]))
    for index in 1...count {
      #expect(ReplySummary(client.receive())?.traceNumber == UInt32(index))
    }
    #expect(server.count("frames_echo") == 150)
    #expect(server.count("frames_last") == 150)
  }

  @Test(
    "a length that cannot be closes the connection",
    arguments: [0, 40, 47, 49, 55, 520, 0x1603, 0xFFFF] as [UInt16])
  func wrongLength(length: UInt16) throws {
    let server = try TestServer()
    let client = try server.client()
    try client.send(client.echo() + [UInt8(length >> 8), UInt8(length & 0xFF)])
    #expect(ReplySummary(client.receive())?.traceNumber == 1)
    #expect(client.receive() == .closed)
    #expect(server.count("closed_frame_length") == 1)
  }

  @Test("a connection closed for its garbage has time to read that it was")
  func lingers() throws {
    let server = try TestServer()
    let tap = try CipherTap(port: server.server.port, context: server.context)
    try tap.sendRaw(tap.encrypt([0xFF, 0xFF]))
    #expect(tap.getsOrderlyEnd())
    #expect(server.count("closed_frame_length") == 1)
  }

  @Test("a reply sent to the server closes the connection")
  func reply() throws {
    let server = try TestServer()
    let client = try server.client()
    var frame = client.echo()
    frame[3] |= MessageType.replyBit
    try client.send(frame)
    #expect(client.receive() == .closed)
    #expect(server.count("closed_direction") == 1)
  }

  @Test("a frame that breaks a rule is refused, and the connection goes on")
  func refused() throws {
    let server = try TestServer()
    let client = try server.client()
    var frame = client.echo()
    frame[2] = 9
    try client.send(frame)
    try client.send(client.echo())
    #expect(ReplySummary(client.receive())?.code == .versionUnknown)
    #expect(ReplySummary(client.receive())?.code == .approved)
    #expect(server.count("refusals_1002") == 1)
    #expect(server.count("replies_format") == 1)
    #expect(server.room.decidedCount == 1)
  }

  @Test("a terminal id that is not the certificate's is counted as a security event")
  func foreignTerminal() throws {
    let server = try TestServer()
    let client = try server.client()
    try client.send(client.echo(terminal: 2_002))
    #expect(ReplySummary(client.receive()) != nil)
    #expect(server.count("reactors_security_events") == 1)
  }

  @Test("half a TLS record and then silence keeps nobody busy")
  func halfRecord() throws {
    let server = try TestServer()
    let tap = try CipherTap(port: server.server.port, context: server.context)
    let client = try server.client()
    let record = tap.encrypt(client.echo())
    let first = client.echo()
    try tap.sendRaw(Array(record[..<(record.count / 2)]))
    try client.send(first)
    #expect(ReplySummary(client.receive()) != nil)
    let before = server.count("reactors_wake_ups")
    let count: UInt64 = 100
    for _ in 0..<count {
      try client.send(client.echo())
      #expect(ReplySummary(client.receive()) != nil)
    }
    // One for each request, a few for the passing of seconds: a spinning reactor has thousands.
    #expect(server.count("reactors_wake_ups") - before <= 2 * count)
    try tap.sendRaw(Array(record[(record.count / 2)...]))
    #expect(server.comesAbout { server.count("frames_echo") == count + 2 })
  }

  @Test("a peer that sends and ends its side still gets its reply")
  func halfClosed() throws {
    let server = try TestServer()
    let client = try server.client()
    try client.send(client.change())
    client.close()
    #expect(server.comesAbout { server.room.stagedCount == 1 })
    server.room.commit()
    #expect(ReplySummary(client.receive())?.type == .reverse)
    #expect(client.receive() == .closed)
    #expect(server.count("closed_peer_closed") == 1)
  }
}
