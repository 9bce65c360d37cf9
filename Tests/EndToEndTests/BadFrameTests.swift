import ProgramSupport
import Testing
import TransactionModel
import WireFormat

/// Frames that break a rule of the format, over real TLS against a real daemon.
@Suite("A frame that breaks a rule", .showsDaemons, .served)
struct BadFrameTests {
  /// A sound request with one field spoilt, and the refusal that it gets.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: Request
    let field: String
    let bytes: [UInt8]
    let rule: UInt16

    init(
      _ description: String, _ request: Request, _ field: String, _ bytes: [UInt8],
      rule: UInt16
    ) {
      testDescription = description
      self.request = request
      self.field = field
      self.bytes = bytes
      self.rule = rule
    }
  }

  enum Request: Sendable {
    case echo, inquiry, certification, certificationWithoutCounty, update, signOn

    var body: RequestBody {
      let number = card(1_000_000_000_001)
      return switch self {
      case .echo: .echo
      case .inquiry: .inquiry(card: number, dateOfService: today, purpose: .information)
      case .certification: activation(number)
      case .certificationWithoutCounty: activation(number, eligibleForm(without: .county))
      case .update: .update(card: number, expectedVersion: 1, client: eligibleForm())
      case .signOn:
        .signOn(
          secret: .none, newSecret: .none, softwareVersion: "POS 1", highestVersion: 1)
      }
    }
  }

  /// A number as it lies in a field of four bytes.
  private static func number(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static let rows = [
    Row("no longer than its header, of a longer type", .inquiry, "frame_length", [0, 48], rule: 1),
    Row("longer than its type", .echo, "frame_length", [0, 56], rule: 1),
    Row("unknown version", .inquiry, "protocol_version", [2], rule: 2),
    Row("version 0", .inquiry, "protocol_version", [0], rule: 2),
    Row("unknown type", .inquiry, "message_type", [0x7F], rule: 3),
    Row("reserved type", .echo, "message_type", [0x40], rule: 3),
    Row("flag without meaning", .inquiry, "flags", [0x80], rule: 4),
    Row("flag of replies", .inquiry, "flags", [0x40], rule: 4),
    Row("flag of other messages", .echo, "flags", [0x04], rule: 4),
    Row("unknown environment", .inquiry, "environment", [3], rule: 9),
    Row("response code", .inquiry, "response_code", [0x0D, 0xAC], rule: 5),
    Row("no trace number", .inquiry, "system_trace_audit_number", [0, 0, 0, 0], rule: 9),
    Row(
      "no transaction time", .inquiry, "transaction_time", [0, 0, 0, 0, 0, 0, 0, 0], rule: 9),
    Row("log position", .inquiry, "log_position", [1], rule: 5),
    Row("reserved byte of a body", .inquiry, "reserved_69", [0, 0, 1], rule: 5),
    Row("reserved byte of a form", .certification, "reserved_client_block", [1], rule: 5),
    Row("text that is not UTF-8", .certification, "last_name", [0xC3, 0x28], rule: 6),
    Row("control character", .certification, "last_name", [0x07], rule: 6),
    Row("line feed", .certification, "last_name", [0x4F, 0x0A], rule: 6),
    Row("change of writing direction", .certification, "last_name", [0xE2, 0x80, 0xAE], rule: 6),
    Row("text behind zero bytes", .certification, "last_name", [0], rule: 6),
    Row("letter in a card number", .inquiry, "card_number", [0x41], rule: 7),
    Row("non-ASCII in the software's name", .signOn, "software_version", [0xC3, 0xB1], rule: 7),
    Row(
      "30 February as date of service", .inquiry, "date_of_service", number(2026_02_30), rule: 8),
    Row("0 as birth date", .certification, "birth_date", [0, 0, 0, 0], rule: 8),
    Row("month 13", .certification, "certification_date", number(2026_13_01), rule: 8),
    Row("unknown purpose", .inquiry, "purpose", [4], rule: 9),
    Row("county 59", .certification, "county", [59], rule: 9),
    Row("family of none", .certification, "family_size", [0], rule: 9),
    Row("absent text with a byte", .certification, "first_name", [0x41], rule: 10),
    Row("absent number with a byte", .certification, "live_births", [2], rule: 10),
    Row("required field absent", .certificationWithoutCounty, "county", [], rule: 11),
    Row("wrong check digit", .inquiry, "card_number", Array("10000000000017".utf8), rule: 12),
    Row(
      "wrong check digit in an activation", .certification, "card_number",
      Array("10000000000010".utf8), rule: 12),
    Row("clearing what may not be cleared", .update, "family_size", [0xFF], rule: 13),
    Row("clearing by a form", .certification, "monthly_income", number(.max), rule: 13),
    Row("unknown presence bit", .certification, "presence_map", [0x80], rule: 14),
  ]

  @Test("is refused by name, and the connection goes on", arguments: rows)
  func refused(_ row: Row) throws {
    let connection = try Served.current().connect()
    var requests = Requests()
    let frame = try spoil(row, requests.next(row.request.body))
    let bytes = try connection.exchange(frame)
    let reply = try decode(bytes)
    let fieldNumber = try field(row.field, of: row.request.body.messageType).number
    guard case .refusal(let refusal) = reply.message else {
      Issue.record("no refusal but \(reply)")
      return
    }
    #expect(refusal.fieldNumber == fieldNumber)
    #expect(refusal.ruleNumber == row.rule)
    #expect(refusal.responseClass == .format)
    #expect(refusal.retryAfterMilliseconds == 0)
    #expect(reply.header.code.rawValue == 1_000 + row.rule)
    #expect(echoes(bytes, frame), "the refusal repeats another header")
    #expect(try connection.isServed())
  }

  private func spoil(_ row: Row, _ frame: [UInt8]) throws -> [UInt8] {
    var frame = frame
    let start = try field(row.field, of: row.request.body.messageType).offset
    frame.replaceSubrange(start..<(start + row.bytes.count), with: row.bytes)
    guard row.rule == 1 else { return frame }
    // A frame of another length has as many bytes as it says.
    let byteCount = Int(frame[0]) << 8 | Int(frame[1])
    return frame.prefix(byteCount)
      + Array(repeating: 0, count: max(0, byteCount - frame.count))
  }

  /// Whether a refusal has the key fields of the request, whatever was wrong with them.
  private func echoes(_ refusal: [UInt8], _ request: [UInt8]) -> Bool {
    let response = HeaderLayout.responseCode.range
    return (2..<HeaderLayout.logPosition.offset).allSatisfy { offset in
      if offset == HeaderLayout.messageType.offset {
        return refusal[offset] == request[offset] | MessageType.replyBit
      }
      return response.contains(offset) || refusal[offset] == request[offset]
    }
  }
}
