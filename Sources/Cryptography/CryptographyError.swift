import COpenSSL

/// A libcrypto call that did not succeed.
///
/// The calls of this module fail only when memory is out or the library is broken or forbids the
/// algorithm, so there is nothing to handle: digests and permutations trap, set-up calls throw.
public struct CryptographyError: Error, Hashable, Sendable {
  public let call: StaticString

  /// The error of a call that has just failed; OpenSSL's own words of it are dropped.
  init(call: StaticString) {
    ERR_clear_error()
    self.call = call
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.call.description == right.call.description
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(call.description) }
}
