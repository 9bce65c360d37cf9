import Glibc

/// A fixed region of memory to read files into and write files from.
///
/// It starts on a page, as direct reads need, and is all zero when made, so that every byte of it
/// may be read at any time.
@safe
public struct FileBuffer: ~Copyable, @unchecked Sendable {
  private static let alignment = 4096

  @usableFromInline let region: UnsafeMutableRawBufferPointer

  public init(byteCount: Int) {
    precondition(byteCount > 0)
    let start = UnsafeMutableRawPointer.allocate(
      byteCount: byteCount, alignment: Self.alignment)
    unsafe memset(start, 0, byteCount)
    unsafe region = UnsafeMutableRawBufferPointer(start: start, count: byteCount)
  }

  deinit { unsafe region.deallocate() }

  public var byteCount: Int { unsafe region.count }

  public var bytes: RawSpan {
    @_lifetime(borrow self)
    borrowing get {
      unsafe _overrideLifetime(
        RawSpan(_unsafeBytes: UnsafeRawBufferPointer(region)), borrowing: self)
    }
  }

  public var mutableBytes: MutableRawSpan {
    @_lifetime(&self)
    mutating get {
      unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: region), mutating: &self)
    }
  }

  /// Lets `body` write from the lower bound on, at most up to the upper; gives the bytes written.
  @inlinable
  public mutating func withOutput<Failure: Error>(
    in range: Range<Int>, _ body: (inout OutputRawSpan) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    let part = unsafe UnsafeMutableRawBufferPointer(rebasing: region[range])
    var output = unsafe OutputRawSpan(buffer: part, initializedCount: 0)
    try body(&output)
    return unsafe output.finalize(for: part)
  }
}
