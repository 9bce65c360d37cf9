/// Buffers of one size that the connections of a reactor use in turn.
///
/// Most connections are quiet at any moment and hold no buffer at all; those that are served in one
/// turn, as many as the poller reports at once, hold one each.
@safe
final class BufferPool {
  let bufferByteCount: Int
  private let keptCountMax: Int
  private var kept = unsafe [UnsafeMutableRawBufferPointer]()

  init(bufferByteCount: Int, keptCountMax: Int) {
    self.bufferByteCount = bufferByteCount
    self.keptCountMax = keptCountMax
    unsafe kept.reserveCapacity(keptCountMax)
  }

  deinit {
    while let buffer = unsafe kept.popLast() { unsafe buffer.deallocate() }
  }

  /// Hands out a buffer, which the taker gives back or deallocates.
  func take() -> UnsafeMutableRawBufferPointer {
    if let buffer = unsafe kept.popLast() { return unsafe buffer }
    return .allocate(byteCount: bufferByteCount, alignment: 64)
  }

  func giveBack(_ buffer: UnsafeMutableRawBufferPointer) {
    precondition(buffer.count == bufferByteCount, "a buffer of another pool")
    guard unsafe kept.count < keptCountMax else { return unsafe buffer.deallocate() }
    unsafe kept.append(buffer)
  }
}
