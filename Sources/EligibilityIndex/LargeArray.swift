import CLinux

/// So many elements in memory of their own that never moves, all bytes zero at first.
///
/// In pages of 2 MiB where the system has them: a look-up among a million cards then misses the
/// processor's table of pages rarely, and a start faults memory in by the megabyte. Address space
/// is taken at once, memory as it is first touched.
@safe
public struct LargeArray<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  public let count: Int

  /// - Precondition: zero bytes are an element, or no element is read before it was written.
  public init(count: Int) {
    unsafe base = LargeMemory.allocate(count)
    self.count = count
  }

  /// The same, or `nil` when there is no memory.
  init?(ifAvailable count: Int) {
    guard let start: UnsafeMutablePointer<Element> = unsafe LargeMemory.allocate(ifAvailable: count)
    else { return nil }
    unsafe base = start
    self.count = count
  }

  deinit { unsafe LargeMemory.deallocate(base, count) }

  @inlinable
  public subscript(index: Int) -> Element {
    unsafeAddress {
      checkBounds(index)
      return unsafe UnsafePointer(base + index)
    }
    unsafeMutableAddress {
      checkBounds(index)
      return unsafe base + index
    }
  }

  /// Has the processor fetch an element that will be read soon.
  func prefetch(_ index: Int) {
    checkBounds(index)
    unsafe CLinux_prefetch(base + index)
  }

  @inlinable
  func checkBounds(_ index: Int) {
    precondition(index >= 0 && index < count, "a place outside the array")
  }
}

/// Memory for flat structures, in huge pages where the system has them.
enum LargeMemory {
  static var hugePageByteCount: Int { 2 << 20 }

  static func allocate<Element: BitwiseCopyable>(
    _ count: Int
  ) -> UnsafeMutablePointer<Element> {
    guard let start: UnsafeMutablePointer<Element> = unsafe allocate(ifAvailable: count) else {
      preconditionFailure("no memory for \(byteCount(of: Element.self, count)) bytes")
    }
    return unsafe start
  }

  /// Gives `nil` when there is no memory: for what can be done without.
  static func allocate<Element: BitwiseCopyable>(
    ifAvailable count: Int
  ) -> UnsafeMutablePointer<Element>? {
    guard let start = unsafe CLinux_map_memory(byteCount(of: Element.self, count)) else {
      return nil
    }
    return unsafe start.bindMemory(to: Element.self, capacity: count)
  }

  static func deallocate<Element: BitwiseCopyable>(
    _ start: UnsafeMutablePointer<Element>, _ count: Int
  ) {
    unsafe CLinux_unmap_memory(start, byteCount(of: Element.self, count))
  }

  /// Nothing is mapped as one byte, which is a page that nobody touches.
  private static func byteCount<Element>(of type: Element.Type, _ count: Int) -> Int {
    max(1, count * MemoryLayout<Element>.stride)
  }
}
