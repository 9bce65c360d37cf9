import Testing
import TransactionModel

@testable import WireFormat

@Suite("A decoded reply")
struct ReplyTests {
  private func reply(_ name: String) throws -> Reply {
    let vector = try #require(ValidVector.all.first { $0.name == name })
    guard case .reply(let reply) = parse(vector.bytes, .reply) else {
      throw Missing.reply
    }
    return reply
  }

  private enum Missing: Error {
    case reply
  }

  @Test("repeats the key fields of its request, and adds code and position")
  func header() throws {
    let header = try reply("inquiry_reply_verified_training_stored").header
    let request = Sample.header(12)
    #expect(header.traceNumber == request.traceNumber)
    #expect(header.terminal == request.terminal)
    #expect(header.software == request.software)
    #expect(header.transactionTime == request.transactionTime)
    #expect(header.operatorID == request.operatorID)
    #expect(header.rawEnvironment == request.environment.rawValue)
    #expect(header.flags == [.training, .storedReply])
    #expect(header.code == .notEligibleOnDate)
    #expect(header.logPosition.rawValue == 11)
  }

  @Test("has the length of its layout, whatever it answers", arguments: MessageType.allCases)
  func byteCount(type: MessageType) {
    #expect(type.replyByteCount == MessageLayout.reply(type).byteCount)
  }

  @Test("shows demographics only where there are some")
  func demographics() throws {
    guard case .inquiry(let seen) = try reply("inquiry_reply_demographics").message,
      case .inquiry(let merged) = try reply("inquiry_reply_merged_all_fields").message,
      case .inquiry(let hidden) = try reply("inquiry_reply_no_information_spanish").message
    else { throw Missing.reply }
    #expect(seen.client == Sample.accentedForm)
    #expect(seen.alias == nil)
    #expect(seen.plastic == .good)
    #expect(seen.outcome.aidCode.description == "8H")
    #expect(merged.client == Sample.wholeForm)
    #expect(merged.alias == Sample.otherCard)
    #expect(hidden.client == nil && hidden.alias == nil)
    #expect(!hidden.outcome.hasAidCode)
  }

  @Test("has its display lines without padding, a refusal none")
  func display() throws {
    #expect(
      try reply("activate_reply").display
        == DisplayLines(first: "ACTIVATED", second: "THROUGH 2027-04-14"))
    #expect(try reply("refusal_format").display == nil)
  }

  @Test("of an activation tells months claimed and a possible duplicate")
  func certification() throws {
    guard
      case .activate(let activated) = try reply("activate_reply_claims_possible_duplicate").message
    else { throw Missing.reply }
    #expect(activated.claims == [.eligible, .notClaimed, .notEligible])
    #expect(activated.candidate == Sample.card)
    #expect(activated.outcome.notices == .possibleDuplicateClient)
  }

  @Test("that refuses tells what, why and for how long, whatever was asked")
  func refusals() throws {
    let busy = try reply("refusal_system_retry")
    #expect(
      busy.message
        == .refusal(
          Refusal(
            fieldNumber: 0, ruleNumber: 0, responseClass: .system, retryAfterMilliseconds: 2000)))
    let unknown = try reply("refusal_of_unknown_type")
    #expect(unknown.header.rawRequestType == 0x40)
    #expect(try reply("refusal_of_unknown_version").header.version == 9)
  }

  @Test("that refuses must restate the class of its code")
  func refusalClass() throws {
    for (name, right) in [("refusal_format", 1), ("refusal_system_retry", 7)] as [(String, UInt8)] {
      var bytes = try #require(ValidVector.all.first { $0.name == name }).bytes
      for value in UInt8.min...UInt8.max where value != right {
        bytes[RefusalLayout.responseClass.offset] = value
        guard case .refused(let refusal) = parse(bytes, .reply) else {
          Issue.record("class \(value) was taken")
          continue
        }
        #expect(refusal.fieldNumber == RefusalLayout.responseClass.number)
      }
    }
  }

  @Test(
    "to the last answer brings back the whole reply that was stored",
    arguments: [
      ("last_reply_change", "activate_reply"),
      ("last_reply_inquiry", "inquiry_reply_verified_training_stored"),
    ])
  func stored(last: String, original: String) throws {
    guard case .last(let message) = try reply(last).message else { throw Missing.reply }
    let stored = try #require(try message.decodeStoredReply())
    #expect(stored == (try reply(original)))
    let whole = try #require(ValidVector.all.first { $0.name == original })
    #expect(encoded(stored) == whole.bytes)
  }

  @Test("to the last answer may have none, or one that is no reply")
  func notStored() throws {
    guard case .last(var message) = try reply("last_reply_none").message else {
      throw Missing.reply
    }
    #expect(try message.decodeStoredReply() == nil)
    for byteCount in stride(from: 48, through: 160, by: 8) {
      for length in [0, 40, 47, 48, 160, 168, 512, 520, 0xFFFF] {
        message.storedReply = [UInt8](repeating: 0, count: byteCount)
        message.storedReply[0] = UInt8(length >> 8)
        message.storedReply[1] = UInt8(length & 0xFF)
        #expect(throws: FormatRefusal.self) { try message.decodeStoredReply() }
      }
    }
  }

  @Test("has the display lines of its code, in the language of the request")
  func codeTable() {
    for (name, isSpanish) in [
      ("inquiry_swiped", false), ("inquiry_keyed_benefits_card_spanish", true),
    ] {
      guard let request = ValidVector.requests.first(where: { $0.name == name }) else { continue }
      var received = FrameBuffer()
      received.copy(request.bytes, paddedTo: request.bytes.count)
      var outcome = Outcome(.eligible)
      outcome.periodLast = Sample.day
      var buffer = FrameBuffer()
      buffer.encode(outcome, type: .inquiry, replyingTo: received.frame)
      var expected = FrameBuffer()
      expected.begin(InquiryReplyLayout.byteCount)
      expected.set(
        OutcomeLayout.displayLine1, OutcomeLayout.displayLine2,
        CodeTable.display(.eligible, spanish: isSpanish, date: Sample.day))
      let lines = OutcomeLayout.displayLine1.offset..<OutcomeLayout.displayLine2.range.upperBound
      #expect(buffer.array[lines] == expected.array[lines])
    }
  }

  @Test("shows nothing of what was in its buffer before", arguments: ValidVector.replies)
  func reusedBuffer(vector: ValidVector) throws {
    guard case .reply(let reply) = parse(vector.bytes, .reply) else {
      Issue.record("\(vector.name) is no reply")
      return
    }
    var fresh = FrameBuffer()
    fresh.encode(reply)
    var used = FrameBuffer()
    let roomByteCount = HeaderLayout.frameByteCountMax
    used.copy([UInt8](repeating: 0xFF, count: roomByteCount), paddedTo: roomByteCount)
    used.encode(reply)
    #expect(used.byteCount == fresh.byteCount)
    let differences = (0..<roomByteCount).filter { used.byte(at: $0) != fresh.byte(at: $0) }
    #expect(differences.isEmpty)
  }
}
