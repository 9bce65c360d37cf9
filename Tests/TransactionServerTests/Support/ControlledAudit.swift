import AuditTrail
import Synchronization
import TransactionModel
import WriteAheadLog

@testable import TransactionServer

/// An audit log whose commits a test makes, and whose entries it reads.
final class ControlledAudit: Sendable {
  private struct State {
    var isOpen = true
    var wakeCount = 0
    var entries: [AuditEntry] = []
  }

  let trail: AuditTrail
  let durablePosition = DurablePosition(.zero)
  let holdsReplies: Bool
  private let byteCapacity: Int
  private let state = Mutex(State())

  init(
    holdsReplies: Bool = false, byteCapacity: Int = LogGeometry.batchByteCountMaxDefault
  ) {
    self.holdsReplies = holdsReplies
    self.byteCapacity = byteCapacity
    trail = AuditTrail(
      byteCapacity: byteCapacity, after: .zero, newestServerTimeMilliseconds: 0,
      commitsAtOnce: holdsReplies, stateLogPosition: { .zero })
  }

  var desk: AuditDesk {
    AuditDesk(
      trail: trail, durablePosition: durablePosition, holdsReplies: holdsReplies,
      wake: { [self] in state.withLock { $0.wakeCount += 1 } },
      isOpen: { [self] in state.withLock { $0.isOpen } })
  }

  var wakeCount: Int { state.withLock { $0.wakeCount } }

  func setOpen(_ isOpen: Bool) { state.withLock { $0.isOpen = isOpen } }

  /// Makes what is entered durable; gives all entries so far.
  @discardableResult
  func commit() -> [AuditEntry] {
    var batch = LogBatch(
      byteCapacity: byteCapacity, after: .zero, newestServerTimeMilliseconds: 0)
    trail.exchangeStagedBatch(&batch)
    var new: [AuditEntry] = []
    batch.forEachRecord { record in
      guard let entry = AuditEntry(record) else { preconditionFailure("not an entry") }
      new.append(entry)
    }
    durablePosition.publish(batch.lastPosition)
    return state.withLock { state in
      state.entries += new
      return state.entries
    }
  }

  /// Makes what is entered durable; gives the requests so far.
  func requests() -> [AuditRequest] {
    commit().compactMap { if case .request(let request) = $0.body { request } else { nil } }
  }
}
