import WriteAheadLog

/// Why a connection was not let in; the numbers are those of the audit log and never change.
public enum HandshakeFailure: Int, BitwiseCopyable, CaseIterable, Error, Sendable {
  case notTLS = 0
  case protocolVersion = 1
  /// The deadline passed.
  case stalled = 2
  case noCertificate = 3
  case unknownAuthority = 4
  case expired = 5
  case notYetValid = 6
  case wrongPurpose = 7
  case otherCertificate = 8
  /// The certificate has no alternative name that is a URI.
  case noIdentity = 9
  case severalIdentities = 10
  /// The URI is of neither of the two forms of an identity.
  case badIdentity = 11
  case wrongEnvironment = 12
  /// The client refused the server's certificate, or what it was offered.
  case refusedByPeer = 13
  case peerClosed = 14
  case tooManyOfAddress = 15
  case shutdown = 16
  case other = 17
}

/// Addresses that belong together: the first 24 bits of version 4, the first 56 of version 6.
public struct AddressPrefix: Hashable, Sendable, BitwiseCopyable {
  private static let bitCount4: UInt128 = 24
  private static let bitCount6: UInt128 = 56

  /// The address's bits, those behind the prefix zero; of version 4 in the low 32.
  public let bits: UInt128
  public let isVersion4: Bool

  /// Stands for the addresses of any prefix, of which there were too many to tell apart.
  public static let any = AddressPrefix(bits: 0, isVersion4: false)

  public init(bits: UInt128, isVersion4: Bool) {
    let rest = isVersion4 ? 32 - Self.bitCount4 : 128 - Self.bitCount6
    self.bits = (bits >> rest) << rest
    self.isVersion4 = isVersion4
  }
}

/// Connections that were not let in, counted: the body of an entry of kind 2.
///
///      0  16  address prefix: a 128-bit number, version 4 in its low 32 bits
///     16   8  when the first came, milliseconds since 1970 UTC; within a minute the last
///     24   4  how many
///     28   1  reason
///     29   1  4 or 6, the version of the address
///     30   2  zero
public struct AuditHandshakes: Hashable, Sendable, BitwiseCopyable {
  static let byteCount = 32

  public var prefix: AddressPrefix
  public var firstMilliseconds: UInt64
  public var count: UInt32
  public var reason: HandshakeFailure

  public init(
    prefix: AddressPrefix, firstMilliseconds: UInt64, count: UInt32, reason: HandshakeFailure
  ) {
    self.prefix = prefix
    self.firstMilliseconds = firstMilliseconds
    self.count = count
    self.reason = reason
  }

  func write(to output: inout OutputRawSpan) {
    output.put(UInt64(truncatingIfNeeded: prefix.bits))
    output.put(UInt64(truncatingIfNeeded: prefix.bits >> 64))
    output.put(firstMilliseconds)
    output.put(count)
    output.put(UInt8(reason.rawValue))
    output.put(UInt8(prefix.isVersion4 ? 4 : 6))
    output.put(UInt16(0))
  }

  /// Reads it; nil when it breaks the layout.
  public init?(_ body: RawSpan) {
    guard body.byteCount == Self.byteCount, body.integer(at: 30, as: UInt16.self) == 0,
      let reason = HandshakeFailure(rawValue: Int(body.integer(at: 28, as: UInt8.self)))
    else { return nil }
    let version: UInt8 = body.integer(at: 29)
    guard version == 4 || version == 6 else { return nil }
    let bits =
      UInt128(body.integer(at: 0, as: UInt64.self))
      | UInt128(body.integer(at: 8, as: UInt64.self)) << 64
    prefix = AddressPrefix(bits: bits, isVersion4: version == 4)
    guard prefix.bits == bits else { return nil }
    firstMilliseconds = body.integer(at: 16)
    count = body.integer(at: 24)
    self.reason = reason
  }
}
