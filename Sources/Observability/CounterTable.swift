public import Synchronization

/// A fixed set of counts that any thread may raise and read, without a lock.
///
/// Counts raised for each transaction are raised by one thread each, in a table of its own, and
/// added up when somebody asks: threads that raise one count in turn pass its cache line to and
/// fro, at a hundred times the price.
public final class CounterTable<Key: CounterKey>: Sendable {
  /// Keys are numbered below this.
  public static var capacity: Int { 128 }

  /// Entries at either end stay unused: they keep what lies beside the table in memory, and is
  /// written by other threads, out of its cache lines.
  @inlinable static var margin: Int { 8 }

  /// The capacity and two margins.
  @usableFromInline let values: InlineArray<144, Atomic<UInt64>>

  public init() {
    precondition(Key.allCases.allSatisfy { (0..<Self.capacity).contains($0.counterIndex) })
    values = InlineArray { _ in Atomic(0) }
  }

  @inlinable
  public func increment(_ key: Key) { add(1, to: key) }

  @inlinable
  public func add(_ amount: UInt64, to key: Key) {
    values[Self.margin + key.counterIndex].wrappingAdd(amount, ordering: .relaxed)
  }

  public subscript(_ key: Key) -> UInt64 {
    values[Self.margin + key.counterIndex].load(ordering: .relaxed)
  }
}
