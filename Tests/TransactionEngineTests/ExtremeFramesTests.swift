import SimulatedStorage
import Support
import Testing
import TransactionEngine
import TransactionModel
import WireFormat

@Suite("Frames at the limits of the format")
struct ExtremeFramesTests {
  @Test(
    "get an answer that keeps the format, whatever stands in them",
    arguments: [UInt64(1), 2, 3, 4])
  func everyFrame(seed: UInt64) throws {
    var settings = Fixture.settings
    settings.wrongSecretCountMax = .max
    let engine = try FixtureEngine(settings)
    var frames = ExtremeFrames(seed: seed)
    var codes: Set<ResponseCode> = []
    for _ in 0..<1_500 {
      let (frame, identity, time) = frames.next()
      let bytes = try engine.answer(frame, from: identity, at: time)
      let reply = try Reply(FrameView(whole: unsafe bytes.span.bytes))
      codes.insert(reply.header.code)
      // Nobody stays away for long, or little would be decided.
      if reply.header.rawRequestType == MessageType.signOff.rawValue {
        try Fixture.signOn(Speaker.workers, on: engine.engine, at: time)
      }
    }
    // The most are well formed and are decided; else this test would show nothing.
    #expect(codes.filter { !$0.isRefusal }.count > 12, "seed \(seed): \(codes)")
    _ = try engine.replayed()
  }
}

/// Requests of every type whose fields hold the least, the most, or anything between.
struct ExtremeFrames {
  private var random: SeededGenerator
  private var trace: UInt32 = 0

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func next() -> (frame: [UInt8], identity: CertificateIdentity, time: Instant) {
    let type = MessageType.allCases.randomElement(using: &random) ?? .echo
    let layout = MessageLayout.request(type)
    var frame = [UInt8](repeating: 0, count: layout.byteCount)
    for field in layout.fields { fill(field, in: &frame, layout) }
    let speakers = [Speaker.clinic, .clinic, .clinic, .newTerminal, .secondClinic, .pharmacy]
    let speaker = speakers.randomElement(using: &random) ?? .clinic
    let time = Instant(milliseconds: Fixture.start.milliseconds + UInt64(trace) * 1_000)
    trace += 1
    let isClockRight = UInt8.random(in: 0..<8, using: &random) != 0
    let transactionTime =
      isClockRight
      ? time.milliseconds : extreme([1, Instant.latest.milliseconds], below: 1 << 42)
    let flags = layout.flags.rawValue & UInt8.random(in: .min ... .max, using: &random)
    set(HeaderLayout.frameLength, UInt64(layout.byteCount), in: &frame)
    set(HeaderLayout.version, UInt64(HeaderLayout.protocolVersion), in: &frame)
    set(HeaderLayout.messageType, UInt64(type.rawValue), in: &frame)
    set(HeaderLayout.environment, UInt64(Fixture.environment.rawValue), in: &frame)
    set(HeaderLayout.flags, UInt64(flags), in: &frame)
    set(HeaderLayout.traceNumber, extreme([UInt64(trace), UInt64(trace)], below: 50), in: &frame)
    set(HeaderLayout.terminal, speaker.terminal.rawValue, in: &frame)
    set(HeaderLayout.transactionTime, max(transactionTime, 1), in: &frame)
    set(HeaderLayout.operatorID, speaker.operatorID.rawValue, in: &frame)
    return (frame, speaker.identity, time)
  }

  private mutating func fill(_ field: Field, in frame: inout [UInt8], _ layout: MessageLayout) {
    if let bit = field.presenceBit, let presence = layout.presence {
      let isPresent =
        field.isRequired && layout.name.description != "update_request"
        || Bool.random(using: &random)
      guard isPresent else { return }
      frame[presence.range.upperBound - 1 - Int(bit) / 8] |= 1 << (bit % 8)
      if field.isClearable, Bool.random(using: &random) {
        for offset in field.range { frame[offset] = field.content.isText ? 0x20 : 0xFF }
        return
      }
    }
    switch field.content {
    case .number: set(field, extreme([0, limit(field)], below: limit(field)), in: &frame)
    case .identifier: set(field, extreme([1, 1, 2, 3, limit(field)], below: 5) | 1, in: &frame)
    case .range(let low, let high):
      set(field, extreme([low, high, low, high], below: 1) % (high + 1), in: &frame)
      if frame[field.range].allSatisfy({ $0 == 0 }) { set(field, low, in: &frame) }
    case .county: set(field, extreme([1, 58, 99], below: 58) % 58 + 1, in: &frame)
    case .date, .dateOrNone: set(field, UInt64(day()), in: &frame)
    case .text, .ascii: text(field, in: &frame)
    case .card, .cardOrBlank: set(field, card(), in: &frame)
    case .benefitsCard:
      if let card = CardNumber("12345678A91306") { set(field, card, in: &frame) }
    case .retroactiveClaim:
      let claim: [UInt8] = [7, 1, 1, .random(in: 1...99, using: &random), 5, 0xF5, 0xE0, 0xFF]
      for (index, byte) in claim.enumerated() { frame[field.offset + index] = byte }
    case .bits, .reserved, .opaque, .confirmationOrBlank: break
    }
  }

  private mutating func day() -> UInt32 {
    let today = Fixture.today
    let days: [CalendarDate] = [
      today, today, today, today.adding(days: 1), today.adding(days: -1), today.adding(days: 90),
      today.adding(days: -365), today.adding(days: 366), CalendarDate(trusted: 1600_01_01),
      CalendarDate(trusted: 9999_12_31), CalendarDate(trusted: 2024_02_29),
    ]
    return (days.randomElement(using: &random) ?? today).yyyymmdd
  }

  private mutating func card() -> CardNumber {
    let number = UInt64.random(in: 0..<6, using: &random)
    let cards = [
      Fixture.card(number), Fixture.card(number), Fixture.card(number), Fixture.voidedCard(number),
      CardScheme.healthAccessNumber(serial: 0),
      CardScheme.healthAccessNumber(serial: CardScheme.serialMax),
      CardNumber("99999999Z99366") ?? Fixture.card(number),
    ]
    return cards.randomElement(using: &random) ?? Fixture.card(number)
  }

  private mutating func extreme(_ values: [UInt64], below limit: UInt64) -> UInt64 {
    let index = Int.random(in: 0...values.count, using: &random)
    return index < values.count
      ? values[index] : UInt64.random(in: 0...max(limit, 1), using: &random)
  }

  private func limit(_ field: Field) -> UInt64 { .max >> UInt64(64 - field.byteCount * 8) }

  private mutating func text(_ field: Field, in frame: inout [UInt8]) {
    let isFull = Bool.random(using: &random)
    for offset in field.range {
      frame[offset] = isFull || offset == field.offset ? 0x41 : 0x20
    }
  }

  private func set(_ field: Field, _ value: UInt64, in frame: inout [UInt8]) {
    for index in 0..<field.byteCount {
      let shift = UInt64((field.byteCount - 1 - index) * 8)
      frame[field.offset + index] = UInt8(truncatingIfNeeded: value >> shift)
    }
  }

  private func set(_ field: Field, _ card: CardNumber, in frame: inout [UInt8]) {
    for index in 0..<16 { frame[field.offset + index] = card.byte(at: index) }
  }
}
