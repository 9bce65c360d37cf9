import Testing
import TransactionModel

@testable import WireFormat

/// A frame that keeps every rule: a row of Protocol/vectors/valid.csv.
struct ValidVector: Sendable, CustomTestStringConvertible {
  let name: String
  let direction: Direction
  let bytes: [UInt8]

  static let columns = "name,direction,message,hex,fields"

  /// All vectors, in the order of the file.
  static let all = requests + replies

  var testDescription: String { name }

  /// The layout of the frame; a refusal's where it is one.
  var layout: MessageLayout {
    let code = UInt16(bytes[6]) << 8 | UInt16(bytes[7])
    guard let type = MessageType(rawValue: bytes[3] & 0x7F),
      !ResponseCode(rawValue: code).isRefusal
    else { return .refusal }
    return direction == .request ? .request(type) : .reply(type)
  }

  /// The row of the file.
  var row: String {
    let isRequest = direction == .request
    return [
      name, isRequest ? "request" : "reply", "\(layout.name)", hexadecimal(bytes),
      fields.contains(",") ? "\"\(fields)\"" : fields,
    ].joined(separator: ",")
  }

  /// The fields that are present, reserved ones left out, as `name=value;...`.
  private var fields: String {
    var presence = UInt64.max
    if let map = layout.presence { presence = number(map) }
    let shown = (HeaderLayout.fields + layout.fields).filter { field in
      if "\(field.name)".hasPrefix("reserved") { return false }
      guard let bit = field.presenceBit else { return true }
      return presence & 1 << UInt64(bit) != 0
    }
    return shown.map { "\($0.name)=\(value($0))" }.joined(separator: ";")
  }

  private func number(_ field: Field) -> UInt64 {
    bytes[field.range].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func value(_ field: Field) -> String {
    let content = Array(bytes[field.range])
    if field.isClearable, content.allSatisfy({ $0 == (field.content.isText ? 0x20 : 0xFF) }) {
      return "(cleared)"
    }
    switch field.content {
    case .text, .ascii, .card, .benefitsCard, .cardOrBlank, .confirmationOrBlank:
      let end = content.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? 0
      return String(decoding: content[..<end], as: UTF8.self)
    case .bits: return "0x" + String(number(field), radix: 16, uppercase: true)
    case .opaque: return hexadecimal(content)
    case .retroactiveClaim:
      let income = content[4...].reduce(0) { $0 << 8 | Int($1) }
      return
        "flags \(content[0]) medi_cal \(content[1]) other_coverage \(content[2])"
        + " family_size \(content[3]) monthly_income \(income)"
    case .number, .identifier, .range, .county, .date, .dateOrNone, .reserved:
      return String(number(field))
    }
  }
}

/// Bytes as pairs of hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef")
  return bytes.reduce(into: "") {
    $0.append(digits[Int($1 >> 4)])
    $0.append(digits[Int($1 & 15)])
  }
}

/// The bytes of pairs of hexadecimal digits; `nil` when it is not made of them.
func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
  let digits = text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
  guard digits.count % 2 == 0 else { return nil }
  var bytes: [UInt8] = []
  for index in stride(from: 0, to: digits.count, by: 2) {
    guard let high = digits[index], let low = digits[index + 1] else { return nil }
    bytes.append(UInt8(high << 4 | low))
  }
  return bytes
}
