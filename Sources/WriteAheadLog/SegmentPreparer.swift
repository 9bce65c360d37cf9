import LinuxSystem
import Observability
import Synchronization

/// A segment file that is allocated, zeroed and durable, waiting to be begun.
struct PreparedSegment: Sendable {
  let number: UInt64
  let file: any LogStorageFile
}

/// Prepares the next segment and cuts closed ones, away from the commit path.
///
/// A file it could not finish is thrown away whole and made anew, so that no sync is ever tried
/// twice on the same data.
final class SegmentPreparer: Sendable {
  private static let retryMilliseconds: Int32 = 1000

  let admission: LogAdmission
  let failureCount = Counter()

  private struct State {
    var nextNumber: UInt64
    var prepared: PreparedSegment?
    var roomByteCount = 0
    var cuts: [UInt64: Int] = [:]
    var isStopping = false
  }

  private let storage: any LogStorage
  private let geometry: LogGeometry
  private let reserveByteCount: UInt64
  private let state: Mutex<State>
  private let wakeup: Wakeup
  private let thread = OwnThread()

  init(
    _ storage: any LogStorage, geometry: LogGeometry, reserveByteCount: UInt64,
    nextNumber: UInt64
  ) throws(SystemError) {
    self.storage = storage
    self.geometry = geometry
    self.reserveByteCount = reserveByteCount
    admission = LogAdmission(canAcceptChanges: false)
    state = Mutex(State(nextNumber: nextNumber))
    wakeup = try Wakeup()
  }

  // MARK: For the owner of the log

  /// Takes the prepared segment, if there is one, and has the one behind it prepared.
  func take() -> PreparedSegment? {
    let taken = state.withLock { state in
      let taken = state.prepared
      if taken != nil {
        state.prepared = nil
        state.nextNumber += 1
      }
      return taken
    }
    wakeup.wake()
    return taken
  }

  /// Says how much the current segment still has room for.
  func note(roomByteCount: Int) {
    state.withLock { state in
      state.roomByteCount = roomByteCount
      admit(state)
    }
  }

  /// Has a closed segment cut to what belongs to it.
  func cut(_ number: UInt64, to byteCount: Int) {
    state.withLock { $0.cuts[number] = byteCount }
    wakeup.wake()
  }

  /// Takes over a file that an earlier run prepared.
  func adopt(_ segment: PreparedSegment) {
    state.withLock { state in
      precondition(state.prepared == nil && segment.number == state.nextNumber)
      state.prepared = segment
      admit(state)
    }
  }

  func start() throws(SystemError) {
    try thread.start(name: "log-prepare") { self.run() }
  }

  func stop() {
    state.withLock { $0.isStopping = true }
    wakeup.wake()
    thread.join()
  }

  // MARK: The work

  /// Does what is to be done; an error means that there is something to try again.
  func step() throws(SystemError) {
    try cutFiles()
    let wanted = state.withLock { $0.prepared == nil ? $0.nextNumber : nil }
    guard let wanted else { return }
    adopt(PreparedSegment(number: wanted, file: try makeFile(wanted)))
  }

  private func run() {
    // Ending quietly would refuse every change later on, and nobody would know why.
    guard var waiter = try? Wakeup.Waiter(wakeup) else {
      preconditionFailure("no descriptor is left for the thread that prepares segments")
    }
    while !state.withLock({ $0.isStopping }) {
      var timeout: Int32 = -1
      do throws(SystemError) {
        try step()
      } catch {
        failureCount.increment()
        timeout = Self.retryMilliseconds
      }
      _ = waiter.wait(timeoutMilliseconds: timeout)
    }
    try? cutFiles()
  }

  private func makeFile(_ number: UInt64) throws(SystemError) -> any LogStorageFile {
    let needed = UInt64(geometry.segmentByteCount) + reserveByteCount
    guard try storage.freeByteCount() >= needed else { throw .noSpace }
    return try storage.makeDurableFile(LogFileName.segment(number)) { file throws(SystemError) in
      try file.fillWithZeros(byteCount: geometry.segmentByteCount)
    }
  }

  /// Cuts each file once: a sync that failed is not tried again, and the next start cuts what is
  /// left.
  private func cutFiles() throws(SystemError) {
    for (number, byteCount) in state.withLock({ $0.cuts }) {
      _ = state.withLock { $0.cuts.removeValue(forKey: number) }
      try cutFile(number, to: byteCount)
    }
  }

  private func cutFile(_ number: UInt64, to byteCount: Int) throws(SystemError) {
    let file = try storage.openFile(LogFileName.segment(number), .readWrite)
    guard try file.byteCount() > byteCount else { return }
    try file.truncate(to: byteCount)
    try file.synchronize()
  }

  private func admit(_ state: borrowing State) {
    admission.set(
      canAcceptChanges: state.prepared != nil || state.roomByteCount >= geometry.roomToAccept)
  }
}

extension LogStorage {
  /// Makes a file that exists either whole and durable or not at all.
  func makeDurableFile(
    _ name: String, _ fill: (any LogStorageFile) throws(SystemError) -> Void
  ) throws(SystemError) -> any LogStorageFile {
    let file = try createFile(LogFileName.temporary)
    var createdName = LogFileName.temporary
    do throws(SystemError) {
      try fill(file)
      try file.synchronize()
      try rename(LogFileName.temporary, to: name)
      createdName = name
      try synchronizeNames()
      return file
    } catch {
      // Whatever this removal does, a file of this name is not part of the log.
      try? remove(createdName)
      throw error
    }
  }
}
