import Testing
import TransactionModel

@testable import WireFormat

/// A request that breaks one rule: a row of Protocol/vectors/refused.csv.
struct RefusedVector: Sendable, CustomTestStringConvertible {
  /// What is to become of it.
  enum Fate: Sendable, Equatable {
    case close
    case refusal(code: UInt16, field: UInt16)
  }

  let name: String
  let bytes: [UInt8]
  let fate: Fate
  /// Where the first byte stands that is at fault.
  let offset: Int
  let reason: String

  static let columns = "name,hex,code,field_number,rule,offset,reason"

  /// All vectors, in the order of the file.
  static let all = closing + header + values + texts + cards + presence + reserved

  var testDescription: String { name }

  /// The row of the file.
  var row: String {
    let cells: [String]
    switch fate {
    case .close: cells = ["", "", "", "close"]
    case .refusal(let code, let field):
      cells = ["\(code)", "\(field)", "\(code - 1000)", "\(offset)"]
    }
    return ([name, hexadecimal(bytes)] + cells + [reason]).joined(separator: ",")
  }

  /// A valid request with other bytes put in at an offset.
  init(
    _ name: String, _ valid: String, at offset: Int, _ bytes: [UInt8],
    _ code: ResponseCode, _ field: Field, first: Int? = nil, _ reason: String
  ) {
    var changed = Self.valid(valid)
    changed.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
    self.name = name
    self.bytes = changed
    fate = .refusal(code: code.rawValue, field: field.number)
    self.offset = first ?? offset
    self.reason = reason
  }

  private init(closing name: String, _ bytes: [UInt8], _ reason: String) {
    self.name = name
    self.bytes = bytes
    fate = .close
    offset = 0
    self.reason = reason
  }

  static func valid(_ name: String) -> [UInt8] {
    guard let vector = ValidVector.requests.first(where: { $0.name == name }) else {
      preconditionFailure("there is no vector \(name)")
    }
    return vector.bytes
  }

  /// A valid request with another length, cut or filled with zeros to it.
  private static func resized(_ name: String, to byteCount: Int) -> [UInt8] {
    var bytes = Array(valid(name).prefix(byteCount))
    bytes += [UInt8](repeating: 0, count: byteCount - bytes.count)
    bytes[0] = UInt8(byteCount >> 8)
    bytes[1] = UInt8(byteCount & 0xFF)
    return bytes
  }
}

// MARK: Framing and header

extension RefusedVector {
  private static let closing = [
    RefusedVector(closing: "length_40", resized("echo", to: 40), "below 48"),
    RefusedVector(closing: "length_520", resized("echo", to: 520), "above 512"),
    RefusedVector(closing: "length_52", resized("echo", to: 52), "not a multiple of 8"),
    RefusedVector(closing: "length_0", [0, 0] + valid("echo").dropFirst(2), "below 48"),
    RefusedVector(
      closing: "reply_bit", valid("echo").prefix(3) + [0x83] + valid("echo").dropFirst(4),
      "a request with the top bit of the type set"),
  ]

  private static let header: [RefusedVector] = {
    typealias Header = HeaderLayout
    var vectors = [
      ("echo_too_long", "echo", 56), ("inquiry_too_short", "inquiry_swiped", 64),
      ("activate_of_length_512", "activate_required_fields_no_income", 512),
    ].map { name, valid, byteCount in
      RefusedVector(
        name: name, bytes: resized(valid, to: byteCount),
        fate: .refusal(
          code: ResponseCode.frameLengthWrong.rawValue, field: Header.frameLength.number),
        offset: 0, reason: "not the length of the message")
    }
    vectors += [
      RefusedVector(
        "version_0", "echo", at: 2, [0], .versionUnknown, Header.version, "no such version"),
      RefusedVector(
        "version_2", "echo", at: 2, [2], .versionUnknown, Header.version, "not spoken here"),
      RefusedVector(
        "type_0", "echo", at: 3, [0], .messageTypeUnknown, Header.messageType, "no such type"),
      RefusedVector(
        "type_0x7f", "echo", at: 3, [0x7F], .messageTypeUnknown, Header.messageType,
        "no such type"),
      RefusedVector(
        "environment_0", "echo", at: 4, [0], .valueOutOfRange, Header.environment,
        "neither production nor test"),
      RefusedVector(
        "environment_3", "echo", at: 4, [3], .valueOutOfRange, Header.environment,
        "neither production nor test"),
      RefusedVector(
        "flag_0x80", "echo", at: 5, [0x80], .flagUnknown, Header.flags, "no such flag"),
      RefusedVector(
        "flag_stored_reply", "echo", at: 5, [0x40], .flagUnknown, Header.flags,
        "only in a reply"),
      RefusedVector(
        "flag_training_echo", "echo", at: 5, [0x02], .flagUnknown, Header.flags,
        "not a flag of this message"),
      RefusedVector(
        "flag_keyed_reversal", "reverse", at: 5, [0x04], .flagUnknown, Header.flags,
        "not a flag of this message"),
      RefusedVector(
        "response_code_in_request", "echo", at: 6, [0, 1], .reservedNotZero,
        Header.responseCode, first: 7, "0 in a request"),
      RefusedVector(
        "trace_number_0", "echo", at: 8, [0, 0, 0, 0], .valueOutOfRange, Header.traceNumber,
        "a request has a trace number"),
      RefusedVector(
        "terminal_0", "echo", at: 16, zeros(8), .valueOutOfRange, Header.terminal,
        "a request has a terminal"),
      RefusedVector(
        "transaction_time_0", "echo", at: 24, zeros(8), .valueOutOfRange,
        Header.transactionTime, "a request has a time"),
      RefusedVector(
        "transaction_time_of_year_10000", "echo", at: 24,
        big(Instant.latest.milliseconds + 1), .valueOutOfRange, Header.transactionTime,
        "after the year 9999"),
      RefusedVector(
        "log_position_in_request", "echo", at: 40, [0x80], .reservedNotZero,
        Header.logPosition, "0 in a request"),
    ]
    return vectors
  }()

  init(name: String, bytes: [UInt8], fate: Fate, offset: Int, reason: String) {
    self.name = name
    self.bytes = bytes
    self.fate = fate
    self.offset = offset
    self.reason = reason
  }

  static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

  static func big(_ value: some FixedWidthInteger) -> [UInt8] {
    stride(from: value.bitWidth - 8, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: value >> $0)
    }
  }
}
