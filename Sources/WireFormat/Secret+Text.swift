extension Secret {
  /// Shorter ones could be guessed.
  public static let characterCountMin = 8
  public static let characterCountMax = 16

  /// Takes a secret as typed; `nil` when it is none (SPECIFICATION.md, "Sign-on").
  public init?(_ text: String) {
    let characters = text.utf8
    guard characters.count <= Self.characterCountMax else { return nil }
    self = .none
    for (index, character) in characters.enumerated() { bytes[index] = character }
    guard isWellFormed else { return nil }
  }

  /// Whether it is 8 to 16 printable ASCII characters, and zero from there on.
  public var isWellFormed: Bool {
    var characterCount = 0
    while characterCount < Self.characterCountMax, (0x20...0x7E).contains(bytes[characterCount]) {
      characterCount += 1
    }
    guard characterCount >= Self.characterCountMin else { return false }
    return (characterCount..<Self.characterCountMax).allSatisfy { bytes[$0] == 0 }
  }
}
