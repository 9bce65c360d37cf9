import TransactionModel
public import WireFormat

/// The two lines of a terminal's display, drawn in a frame.
public struct DisplayFrame: Sendable {
  public let first: String
  public let second: String

  /// The lines of a reply; for a refusal, which has none, those of its code or of its class.
  public init(_ reply: Reply) {
    if let display = reply.display {
      (first, second) = (display.first, display.second)
      return
    }
    let isSpanish = reply.header.flags.contains(.spanish)
    let display = CodeTable.display(reply.header.code, spanish: isSpanish, date: .none)
    (first, second) = (Self.text(display.line1), Self.text(display.line2))
  }

  public var text: String {
    let edge = "+" + String(repeating: "-", count: DisplayText.lineByteCount) + "+"
    return """
      \(edge)
      |\(Self.padded(first))|
      |\(Self.padded(second))|
      \(edge)

      """
  }

  private static func padded(_ line: String) -> String {
    line + String(repeating: " ", count: max(0, DisplayText.lineByteCount - line.count))
  }

  private static func text(_ line: InlineArray<20, UInt8>) -> String {
    var characters = line.indices.map { line[$0] }
    while characters.last == 0x20 { characters.removeLast() }
    return String(decoding: characters, as: UTF8.self)
  }
}
