/// One line of the control protocol: an object with one member, the name of a command.
struct ControlRequest: Equatable {
  let command: String

  /// Reads `{"command":"status"}`; nil for anything else.
  ///
  /// Blanks may stand between the parts. A name is made of lower case letters, full stops and
  /// hyphens, so it needs no escapes, and a line that has them is refused.
  init?(line: String) {
    var rest = Substring(line)
    guard Self.take("{", from: &rest), Self.take("\"command\"", from: &rest),
      Self.take(":", from: &rest), Self.take("\"", from: &rest)
    else { return nil }
    let name = rest.prefix { ("a"..."z").contains($0) || $0 == "." || $0 == "-" }
    rest = rest.dropFirst(name.count)
    guard !name.isEmpty, rest.first == "\"" else { return nil }
    rest = rest.dropFirst()
    guard Self.take("}", from: &rest), rest.allSatisfy(Self.isBlank) else { return nil }
    command = String(name)
  }

  private static func take(_ part: String, from rest: inout Substring) -> Bool {
    let text = rest.drop(while: isBlank)
    guard text.hasPrefix(part) else { return false }
    rest = text.dropFirst(part.count)
    return true
  }

  private static func isBlank(_ character: Character) -> Bool {
    character == " " || character == "\t" || character == "\r"
  }
}
