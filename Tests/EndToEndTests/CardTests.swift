import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("A card and who asks for it", .showsDaemons, .served)
struct CardTests {
  static let clinicCard: UInt64 = 1_000_000_000_001
  static let otherClinicsCard: UInt64 = 2_000_000_000_001
  static let unshippedCard: UInt64 = 3_000_000_000_001
  static let voidedCard: UInt64 = 4_000_000_000_001
  static let unknownCard: UInt64 = 9_000_000_000_001

  @Test("an enrolling clinic is told what is wrong with a card")
  func clinic() throws {
    let connection = try Served.current().connect()
    var requests = Requests(after: 100)
    var form = eligibleForm()
    let isSet = form.set(.lastName, to: "Another")
    #expect(isSet)
    let taken = card(Self.clinicCard)
    #expect(try code(connection, requests.next(activation(taken))) == .activated)
    let rows: [(card: UInt64, code: ResponseCode)] = [
      (Self.unknownCard, .cardUnknown), (Self.unshippedCard, .cardNotShipped),
      (Self.voidedCard, .cardVoided), (Self.otherClinicsCard, .cardOfOtherSite),
      (Self.clinicCard, .cardOfOtherClient),
    ]
    for row in rows {
      let found = try code(connection, requests.next(activation(card(row.card), form)))
      #expect(found == row.code)
    }
    #expect(Set(rows.map(\.code)).count == rows.count)
  }

  @Test("a site that only inquires gets one answer for every card that tells it nothing")
  func pharmacy() throws {
    let connection = try Served.current().connect(terminal: 2_001)
    var requests = Requests(terminal: 2_001, operatorID: 601)
    let cards = [
      Self.unknownCard, Self.unshippedCard, Self.voidedCard, Self.otherClinicsCard,
      Self.clinicCard + 50,
    ]
    let bodies = try cards.map { number in
      let reply = try connection.exchange(
        requests.next(
          .inquiry(card: card(number), dateOfService: today, purpose: .information)))
      #expect(try decode(reply).header.code == .noInformation)
      #expect(reply[HeaderLayout.logPosition.range].allSatisfy { $0 == 0 })
      return Array(reply[HeaderLayout.byteCount...])
    }
    #expect(Set(bodies).count == 1)
  }

  @Test("a site that only inquires may not make a change, whatever the card")
  func pharmacyMayNot() throws {
    let connection = try Served.current().connect(terminal: 2_001)
    var requests = Requests(terminal: 2_001, operatorID: 601, after: 100)
    let replies = try [Self.clinicCard, Self.unknownCard].map { number in
      try connection.exchange(requests.next(activation(card(number))))
    }
    for reply in replies {
      #expect(try decode(reply).header.code == .roleNotPermitted)
      #expect(reply[HeaderLayout.byteCount...] == replies[0][HeaderLayout.byteCount...])
    }
  }

  @Test("a terminal id that is not the certificate's is refused for every message")
  func otherTerminal() throws {
    let service = try Served.current()
    let connection = try service.connect(terminal: 1_001)
    let eventsBefore = try service.count("reactors_security_events")
    let refusalsBefore = try service.count("refusals_2001")
    for terminal: UInt64 in [1_002, 2_001, 77] {
      var requests = Requests(terminal: terminal)
      let bodies: [RequestBody] = [
        .echo, .last(traceNumber: 0), activation(card(Self.clinicCard + 60)),
        .inquiry(card: card(Self.clinicCard), dateOfService: today, purpose: .information),
      ]
      for body in bodies {
        let reply = try decode(connection.exchange(requests.next(body)))
        #expect(reply.header.code == .terminalNotOfCertificate)
        #expect(reply.header.logPosition == .zero)
      }
    }
    #expect(try service.count("refusals_2001") == refusalsBefore + 12)
    #expect(try service.count("reactors_security_events") >= eventsBefore + 12)
    // Nothing was done: the card is as blank as before.
    var requests = Requests(after: 200)
    let inquiry = requests.next(
      .inquiry(card: card(Self.clinicCard + 60), dateOfService: today, purpose: .information))
    #expect(try code(connection, inquiry) == .neverActivated)
  }

  @Test("a frame of the other environment is refused")
  func otherEnvironment() throws {
    let connection = try Served.current().connect()
    var requests = Requests(after: 300)
    var frame = requests.next(.echo)
    frame[HeaderLayout.environment.offset] = Environment.production.rawValue
    #expect(try code(connection, frame) == .environmentMismatch)
  }

  private func code(_ connection: WireConnection, _ frame: [UInt8]) throws -> ResponseCode {
    try decode(connection.exchange(frame)).header.code
  }
}
