/// What may stand in a field of a message; the numbered rules are those of SPECIFICATION.md.
public enum FieldContent: Hashable, Sendable, BitwiseCopyable {
  /// Any number.
  case number
  /// A number other than 0.
  case identifier
  /// A number from the first to the second, both included.
  case range(UInt64, UInt64)
  /// A county: 1 to 58, or 99 for unknown.
  case county
  /// Bits, of which only those of the mask may be set.
  case bits(UInt64)
  /// A day that exists.
  case date
  /// A day that exists, or 0.
  case dateOrNone
  /// Bytes that are zero.
  case reserved
  /// Bytes that nobody but the two ends can judge.
  case opaque
  /// UTF-8, padded with spaces, without control characters.
  case text
  /// Printable ASCII, padded with spaces.
  case ascii
  /// A card number of any scheme, its check digit right where the scheme has a public one.
  case card
  /// The number of a Medi-Cal benefits identification card.
  case benefitsCard
  /// A card number, or blank.
  case cardOrBlank
  /// A confirmation number, or blank.
  case confirmationOrBlank
  /// One month claimed in retrospect: see `RetroactiveClaim`.
  case retroactiveClaim
}
