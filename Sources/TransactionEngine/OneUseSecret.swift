import Cryptography
public import WireFormat

/// A secret that the office gives an operator, to be replaced at the first sign-on.
public enum OneUseSecret {
  /// Without characters that are taken for one another.
  private static let alphabet: [Character] = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
  private static let characterCount = 12

  /// Twelve random characters: one of 2^59.
  public static func make() -> (text: String, secret: Secret) {
    let text = text(of: SecureRandom.identity())
    guard let secret = Secret(text) else { preconditionFailure("the alphabet is printable") }
    return (text, secret)
  }

  /// A number so large that what is left over by the division shows no preference.
  static func text(of number: UInt128) -> String {
    var rest = number
    var text = ""
    for _ in 0..<characterCount {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: UInt128(alphabet.count))
      text.append(alphabet[Int(remainder)])
      rest = quotient
    }
    return text
  }
}
