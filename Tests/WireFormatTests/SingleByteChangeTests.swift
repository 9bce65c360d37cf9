import Testing
import TransactionModel

@testable import WireFormat

/// One vector at a time: a thread for each would leave no processor to the tests beside it.
@Suite("A frame with one byte changed", .serialized)
struct SingleByteChangeTests {
  @Test(
    "re-encodes to the same bytes, or is refused by the field that holds the byte",
    arguments: ValidVector.all)
  func everyByte(vector: ValidVector) async {
    let faults = await onShallowStack { Self.faults(of: vector) }
    #expect(faults.isEmpty, "\(faults.prefix(5))")
  }

  private static func faults(of vector: ValidVector) -> [String] {
    var faults: [String] = []
    var bytes = vector.bytes
    for offset in bytes.indices {
      let kept = bytes[offset]
      let isPresence = vector.layout.presence?.range.contains(offset) == true
      var rule = Rule(vector.layout, vector.direction, offset, flipped: 0)
      for value in UInt8.min...UInt8.max where value != kept {
        bytes[offset] = value
        if isPresence {
          rule = Rule(vector.layout, vector.direction, offset, flipped: value ^ kept)
        }
        if let fault = rule.fault(of: parse(bytes, vector.direction), bytes) {
          faults.append("\(offset): \(kept) to \(value): \(fault)")
        }
      }
      bytes[offset] = kept
    }
    return faults
  }

  /// What may become of a frame when the byte at an offset is another.
  private struct Rule {
    let field: Field?
    let mayClose: Bool
    /// The fields that may be named instead of the one that holds the byte.
    let others: Set<UInt16>

    init(_ layout: MessageLayout, _ direction: Direction, _ offset: Int, flipped: UInt8) {
      field = layout.field(at: offset)
      switch field?.number {
      case HeaderLayout.frameLength.number:
        mayClose = true
        others = []
      case HeaderLayout.messageType.number:
        // Another type has another length, other flags and another body.
        mayClose = true
        others = Set(20...200).union([
          HeaderLayout.frameLength.number, HeaderLayout.flags.number,
        ])
      case HeaderLayout.responseCode.number where direction == .reply:
        // The code tells a refusal from a full reply, and a refusal's class restates it.
        mayClose = false
        // Of a refusal nothing else in the header is judged.
        others = Set(HeaderLayout.fields.map { $0.number }).union([
          RefusalLayout.responseClass.number
        ])
      case let number? where number == layout.presence?.number:
        // The field whose bit is another, or the map itself.
        mayClose = false
        let lowestBit = (offset - (field?.offset ?? 0)) ^ 7
        let bits = UInt64(flipped) << UInt64(lowestBit * 8)
        others = Set(
          layout.fields.filter { bits & 1 << UInt64($0.presenceBit ?? 63) != 0 }.map { $0.number })
      case LastReplyLayout.storedByteCount.number where "\(layout.name)" == "last_reply":
        mayClose = false
        others = [LastReplyLayout.storedReply.number]
      default:
        mayClose = false
        others = []
      }
    }

    func fault(of parsed: Parsed, _ bytes: [UInt8]) -> String? {
      guard let field else { return "the byte belongs to no field" }
      switch parsed {
      case .incomplete: return mayClose ? nil : "incomplete"
      case .closed(let error): return mayClose ? nil : "\(error)"
      case .refused(let refusal):
        let names = refusal.fieldNumber == field.number || others.contains(refusal.fieldNumber)
        return names ? nil : "\(field.name) changed, \(refusal.fieldNumber) named"
      case .request(let header, let body):
        return encoded(header, body) == bytes ? nil : "\(field.name) re-encodes to other bytes"
      case .reply(let reply):
        return encoded(reply) == bytes ? nil : "\(field.name) re-encodes to other bytes"
      }
    }
  }
}
