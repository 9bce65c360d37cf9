import LinuxSystem

/// What is asked of a server, and what it has to answer: requests of one size, answered in order.
protocol Workload {
  var requestByteCount: Int { get }
  /// Of one reply.
  var replyByteCountMax: Int { get }
  /// How many cards were asked for, when they are taken one after the other.
  var usedCardCount: UInt64 { get }

  /// Prepares a connection that has just been made, before the first request.
  mutating func open(_ connection: LoadConnection, at index: Int) throws(BenchmarkError)

  /// The bytes that a connection's requests have in common; `fill` writes the rest over them.
  func template(forConnection index: Int) -> [UInt8]

  /// Completes the request that starts at an offset; false when there is none left to make.
  mutating func fill(_ buffer: inout FileBuffer, at offset: Int, connection index: Int) -> Bool

  /// Checks the reply at the front of what was received and gives its size; nil while incomplete.
  mutating func check(_ received: RawSpan, connection index: Int) throws(BenchmarkError) -> Int?
}

extension Workload {
  mutating func open(_ connection: LoadConnection, at index: Int) throws(BenchmarkError) {}
}
