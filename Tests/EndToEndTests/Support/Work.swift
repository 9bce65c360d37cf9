import Dispatch
import Foundation
import ProgramSupport
import Synchronization

/// Something that runs on a thread of its own, and may fail.
final class Work: Sendable {
  private let outcome = Mutex<Result<Void, any Error>?>(nil)
  private let ended = DispatchGroup()

  init(_ body: @escaping @Sendable () throws -> Void) {
    ended.enter()
    let thread = Thread { [self] in
      let result = Result { try body() }
      outcome.withLock { $0 = result }
      ended.leave()
    }
    thread.start()
  }

  /// Waits for the end, and throws what the body threw.
  func finish(within seconds: Int = 60) throws {
    guard ended.wait(timeout: .now() + .seconds(seconds)) == .success else {
      throw ChildFailure("a thread of the test did not end within \(seconds) s")
    }
    try outcome.withLock { $0 }?.get()
  }
}
