import Foundation
import ProgramSupport

/// What SPECIFICATION.md holds that can be run.
struct Specification {
  /// A frame as it is printed; `nil` is a byte that varies.
  struct Frame {
    let name: String
    let text: String
    let bytes: [UInt8?]

    /// Whether bytes are those of the frame, wherever it fixes them.
    func matches(_ found: [UInt8]) -> Bool {
      found.count == bytes.count && zip(found, bytes).allSatisfy { $1 == nil || $0 == $1 }
    }
  }

  /// A request and its reply, in the order of the document.
  struct Example {
    let request: Frame
    let reply: Frame
  }

  let examples: [Example]
  /// The command line of clause 22.3, continued lines joined.
  let command: String

  init() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Protocol/SPECIFICATION.md")
    var blocks: [(label: String, text: String)] = []
    for (index, part) in try String(contentsOf: file, encoding: .utf8)
      .components(separatedBy: "\n```").enumerated() where index % 2 == 1
    {
      let lines = part.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      blocks.append((String(lines[0]), lines.count > 1 ? String(lines[1]) : ""))
    }
    let frames = try blocks.filter { $0.label.hasPrefix("hex ") }.map(Self.frame)
    examples = stride(from: 0, to: frames.count - 1, by: 2).map {
      Example(request: frames[$0], reply: frames[$0 + 1])
    }
    guard let command = blocks.first(where: { $0.text.contains("openssl s_client") }) else {
      throw ChildFailure("the specification shows no command")
    }
    self.command = command.text.replacing("\\\n", with: " ")
  }

  private static func frame(label: String, text: String) throws -> Frame {
    let bytes = try text.split(whereSeparator: \.isWhitespace).map { pair -> UInt8? in
      if pair == ".." { return nil }
      guard let byte = UInt8(pair, radix: 16) else { throw ChildFailure("\(pair) is no byte") }
      return byte
    }
    return Frame(name: String(label.dropFirst("hex ".count)), text: text, bytes: bytes)
  }
}
