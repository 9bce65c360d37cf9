/// Buffers of one size that the connections of a reactor use in turn.
///
/// Most connections are quiet at any moment and hold no buffer at all; those that are served in one
/// turn, as many as the poller reports at once, hold one each.
@safe
final class BufferPool {
  let bufferByteCount: Int
  /// A stack of fixed size: an array in a class would be looked at for overlapping use each time.
  private let kept: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private var keptCount = 0

  init(bufferByteCount: Int, keptCountMax: Int) {
    self.bufferByteCount = bufferByteCount
    unsafe kept = .allocate(capacity: keptCountMax)
  }

  deinit {
    for index in 0..<keptCount { unsafe kept[index].deallocate() }
    unsafe kept.deallocate()
  }

  /// Hands out a buffer, which the taker gives back or deallocates.
  func take() -> UnsafeMutableRawBufferPointer {
    guard keptCount > 0 else { return .allocate(byteCount: bufferByteCount, alignment: 64) }
    keptCount -= 1
    return unsafe UnsafeMutableRawBufferPointer(start: kept[keptCount], count: bufferByteCount)
  }

  func giveBack(_ buffer: UnsafeMutableRawBufferPointer) {
    guard buffer.count == bufferByteCount, let start = buffer.baseAddress else {
      preconditionFailure("a buffer of another pool")
    }
    guard unsafe keptCount < kept.count else { return unsafe buffer.deallocate() }
    unsafe kept.initializeElement(at: keptCount, to: start)
    keptCount += 1
  }
}
