import Cryptography

/// A head, and the word of the log's key that it was this log's.
///
/// The signing key is made from the newest master key of the log, so whoever cannot read the log
/// cannot sign for it either; the public key tells nothing of it. As text it is the head's line and
/// two more words: the public key and the signature of the line before them.
public struct SignedLogHead: Equatable, Sendable {
  public let head: LogHead
  let publicKey: [UInt8]
  let signature: [UInt8]

  /// Signs a head; nil without keys.
  public init?(_ head: LogHead, keyring: LogKeyring) throws(LogError) {
    guard let key = keyring.newest else { return nil }
    do throws(CryptographyError) {
      let seed = try KeyDerivation.derive(
        key: key.bytes, salt: [], label: Array("posd log head signature".utf8),
        byteCount: Ed25519.seedByteCount)
      publicKey = try Ed25519.publicKey(seed: seed)
      signature = try Ed25519.sign(Array("\(head)".utf8), seed: seed)
    } catch {
      throw .cipherUnusable(error)
    }
    self.head = head
  }

  /// Takes the whole line; nil when it is none, or the signature is not of it.
  public init?(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    guard words.count == 7, let head = LogHead(words[..<5].joined(separator: " ")),
      let publicKey = LogKeyring.bytes(words[5], count: Ed25519.publicKeyByteCount),
      let signature = LogKeyring.bytes(words[6], count: Ed25519.signatureByteCount),
      Ed25519.isValid(signature, of: Array("\(head)".utf8), publicKey: publicKey)
    else { return nil }
    self.head = head
    self.publicKey = publicKey
    self.signature = signature
  }

  /// The signer, to be compared with a public key that was noted: 64 hexadecimal digits.
  public var signer: String { Self.digits(publicKey) }

  private static func digits(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension SignedLogHead: CustomStringConvertible {
  public var description: String { "\(head) \(signer) \(Self.digits(signature))" }
}
