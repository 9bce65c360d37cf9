import Synchronization

/// A count that any thread may raise.
public final class Counter: Sendable {
  private let value = Atomic<UInt64>(0)

  public init() {}

  public func increment() { value.wrappingAdd(1, ordering: .relaxed) }

  public func add(_ amount: UInt64) { value.wrappingAdd(amount, ordering: .relaxed) }

  public var current: UInt64 { value.load(ordering: .relaxed) }
}
