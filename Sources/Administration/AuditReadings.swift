import Installation
import LinuxSystem
import Synchronization

/// Unmasked readings of the audit log, each on a thread of its own: nobody else who administers
/// waits for a long search.
///
/// A reading is begun, and its findings are asked for page by page, by the user who began it.
public final class AuditReadings: Sendable {
  public typealias Search =
    @Sendable (AuditQuestion, _ isCancelled: () -> Bool) throws -> (
      findings: [AuditFinding], hasMore: Bool
    )

  /// Readings that are kept at a time, those that are done included.
  private static let countMax = 4
  /// A reading that nobody asks for is dropped after so long.
  private static let patienceMilliseconds: UInt64 = 60_000
  private static let pageCount = 200

  private final class Reading: Sendable {
    let user: UInt32
    let isCancelled = Atomic<Bool>(false)
    let lastAsked = Atomic<UInt64>(MonotonicClock.nowMilliseconds)
    let outcome = Mutex<Outcome?>(nil)
    let thread = OwnThread()

    init(user: UInt32) { self.user = user }
  }

  private enum Outcome: Sendable {
    case found([AuditFinding], hasMore: Bool)
    case failed(String)
  }

  private struct State {
    var next: UInt64 = 1
    var readings: [UInt64: Reading] = [:]
  }

  private let search: Search
  private let state = Mutex(State())

  public init(search: @escaping Search) { self.search = search }

  /// Begins a search; nil when too many are at work.
  func begin(_ question: AuditQuestion, for user: UInt32) throws(SystemError) -> UInt64? {
    dropForgotten()
    let reading = Reading(user: user)
    let ticket: UInt64? = state.withLock { state in
      guard state.readings.count < Self.countMax else { return nil }
      defer { state.next += 1 }
      state.readings[state.next] = reading
      return state.next
    }
    guard let ticket else { return nil }
    let search = search
    do throws(SystemError) {
      try reading.thread.start(name: "audit-reading") {
        let outcome: Outcome
        do {
          let (found, hasMore) = try search(question) {
            reading.isCancelled.load(ordering: .relaxed)
          }
          outcome = .found(found, hasMore: hasMore)
        } catch {
          outcome = .failed("\(error)")
        }
        reading.outcome.withLock { $0 = outcome }
      }
    } catch {
      state.withLock { state in _ = state.readings.removeValue(forKey: ticket) }
      throw error
    }
    return ticket
  }

  /// A page of the findings, behind so many; nil for a ticket that is nobody's or another user's.
  ///
  /// A reading goes with its last page.
  func page(_ ticket: UInt64, after count: UInt64, for user: UInt32) -> JSONValue? {
    guard let reading = state.withLock({ $0.readings[ticket] }), reading.user == user else {
      return nil
    }
    reading.lastAsked.store(MonotonicClock.nowMilliseconds, ordering: .relaxed)
    guard let outcome = reading.outcome.withLock({ $0 }) else {
      return .object(["working": .bool(true)])
    }
    switch outcome {
    case .failed(let reason):
      drop(ticket)
      return .object(["failed": .string(reason)])
    case .found(let findings, let hasMore):
      let page = findings.dropFirst(Int(clamping: count)).prefix(Self.pageCount)
      let isLast = page.endIndex == findings.endIndex
      if isLast { drop(ticket) }
      return .object([
        "entries": .array(page.map { .object($0.members(isRevealing: true)) }),
        "more": .bool(!isLast), "cut": .bool(hasMore),
      ])
    }
  }

  /// Ends all searches.
  public func stop() {
    let readings = state.withLock { state in
      defer { state.readings = [:] }
      return Array(state.readings.values)
    }
    for reading in readings { reading.isCancelled.store(true, ordering: .relaxed) }
    for reading in readings { reading.thread.join() }
  }

  private func drop(_ ticket: UInt64) {
    let reading = state.withLock { $0.readings.removeValue(forKey: ticket) }
    reading?.isCancelled.store(true, ordering: .relaxed)
  }

  private func dropForgotten() {
    let now = MonotonicClock.nowMilliseconds
    let forgotten = state.withLock { state in
      state.readings.filter {
        now > $0.value.lastAsked.load(ordering: .relaxed) + Self.patienceMilliseconds
      }.map(\.key)
    }
    for ticket in forgotten { drop(ticket) }
  }
}
