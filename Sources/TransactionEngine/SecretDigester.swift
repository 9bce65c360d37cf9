public import Cryptography
public import TransactionModel
public import WireFormat

/// Makes the keyed digests that operators' secrets are checked against.
///
/// HMAC with SHA-256, cut to 128 bits, of operator id and secret, under a key of its own made from
/// the installation's confirmation key. It costs microseconds where a slow digest would let one
/// terminal hold up all others; the key, which is not in the log, is what a stolen log lacks for
/// trying secrets.
public struct SecretDigester: ~Copyable, Sendable {
  private static let keyByteCount = 32
  private var authenticator: HMACSHA256

  /// Takes the 32 bytes of the confirmation key.
  public init(confirmationKey: [UInt8]) throws(CryptographyError) {
    let key = try KeyDerivation.derive(
      key: confirmationKey, salt: [], label: Array("posd operator secrets".utf8),
      byteCount: Self.keyByteCount)
    authenticator = try HMACSHA256(key: key)
  }

  /// The digest of an operator's secret; equal secrets of two operators have two digests.
  public mutating func digest(of secret: Secret, for person: OperatorID) -> UInt128 {
    var message = InlineArray<24, UInt8>(repeating: 0)
    for index in 0..<8 {
      message[index] = UInt8(truncatingIfNeeded: person.rawValue >> UInt64(56 - 8 * index))
    }
    for index in 0..<16 { message[8 + index] = secret.bytes[index] }
    return authenticator.code(of: message).first128Bits
  }
}
