import Cryptography
import TransactionModel
public import WireFormat

/// Digests the content of requests: what makes a repeat the same request.
///
/// SHA-256 over the whole frame with the repeat and stored-and-forward bits cleared, cut to 128 bits
/// (SPECIFICATION.md, "Exactly once"). Each thread has one of its own.
public struct RequestDigester: ~Copyable, Sendable {
  private var computation = SHA256()

  public init() {}

  static let ignoredFlags: FrameFlags = [.repeat, .storedAndForward]

  public mutating func digest(of request: borrowing FrameView) -> UInt128 {
    let flagsOffset = HeaderLayout.flags.offset
    let flags = InlineArray<1, UInt8>(
      repeating: request.flags.subtracting(Self.ignoredFlags).rawValue)
    computation.update(request.bytes.extracting(first: flagsOffset))
    unsafe computation.update(flags.span.bytes)
    computation.update(request.bytes.extracting(droppingFirst: flagsOffset + 1))
    return computation.finish().first128Bits
  }
}
