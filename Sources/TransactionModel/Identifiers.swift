/// A card-reading terminal, as registered; 0 is none.
@frozen
public struct TerminalID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A person who works at a terminal, as registered; 0 is none.
@frozen
public struct OperatorID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// A service address of a provider: its ten-digit National Provider Identifier; 0 is none.
@frozen
public struct SiteID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Whether the ten digits satisfy the check rule of the identifier.
  ///
  /// The rule is Luhn over the number with the issuer prefix 80840 (45 CFR 162.406), whose digits
  /// add 24.
  public var hasValidCheckDigit: Bool {
    guard (1_000_000_000...9_999_999_999).contains(rawValue) else { return false }
    var sum: UInt64 = 24
    var rest = rawValue
    for place in 0..<10 {
      let digit = rest % 10
      rest /= 10
      let doubled = digit * 2
      sum += place % 2 == 0 ? digit : doubled / 10 + doubled % 10
    }
    return sum % 10 == 0
  }
}

/// An organisation that has one or more sites: a ten-digit National Provider Identifier; 0 is none.
@frozen
public struct ProviderID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
}

/// The certified build of a vendor's terminal software; 0 is none.
@frozen
public struct SoftwareID: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}

/// The system trace audit number (STAN): one more for each request of a terminal; never 0.
@frozen
public struct SystemTraceAuditNumber: Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
}
