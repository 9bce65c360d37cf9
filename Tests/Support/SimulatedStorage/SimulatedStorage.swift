package import LinuxSystem
import Synchronization
package import WriteAheadLog

/// A log's storage on a simulated machine, which a test breaks as it likes.
///
/// Every change is counted; at the count a test has set, the process stops in the middle of it, and
/// all further calls fail until the machine is started again.
package final class SimulatedStorage: LogStorage {
  /// What a call of a process that is no more gives.
  package static let stopped = SystemError(errorNumber: 10_001, call: "stopped")
  private static let notFound = SystemError(errorNumber: 2, call: "openat")
  private static let exists = SystemError(errorNumber: 17, call: "openat")
  package static let readError = SystemError(errorNumber: 5, call: "pread64")
  package static let writeError = SystemError(errorNumber: 5, call: "pwrite64")
  private static let inputOutput = SystemError(errorNumber: 5, call: "fdatasync")

  private struct State {
    var disk: SimulatedDisk
    var isClaimed = false
    /// Changes until the process stops; nil for never.
    var changesLeft: Int?
    var isStopped = false
    var refusesNewFiles = false
    /// Syncs until one fails; nil for never.
    var syncsLeft: Int?
    /// Writes, and reads, until one fails; nil for never.
    var writesLeft: Int?
    var readsLeft: Int?
    var changeCount = 0
    /// Files opened by a process that is no more do nothing.
    var generation = 0
    var calls: [String] = []
    var recordsCalls = false
  }

  private let state: Mutex<State>

  package init(seed: UInt64, sectorByteCount: Int = 64) {
    state = Mutex(State(disk: SimulatedDisk(seed: seed, sectorByteCount: sectorByteCount)))
  }

  // MARK: What a test does to the machine

  package func stop(afterChanges count: Int?) { state.withLock { $0.changesLeft = count } }

  package func failSync(after count: Int?) { state.withLock { $0.syncsLeft = count } }

  /// Has a write of data fail, part of it done.
  package func failWrite(after count: Int?) { state.withLock { $0.writesLeft = count } }

  package func failRead(after count: Int?) { state.withLock { $0.readsLeft = count } }

  package var capacity: Int {
    get { state.withLock { $0.disk.capacity } }
    set { state.withLock { $0.disk.capacity = newValue } }
  }

  /// Whether the disk has no room for one more file.
  package var refusesNewFiles: Bool {
    get { state.withLock { $0.refusesNewFiles } }
    set { state.withLock { $0.refusesNewFiles = newValue } }
  }

  package var usedByteCount: Int { state.withLock { $0.disk.usedByteCount } }

  package var isStopped: Bool { state.withLock { $0.isStopped } }

  package var changeCount: Int { state.withLock { $0.changeCount } }

  /// The calls made while recording, oldest first, such as `write 000000000001.segment`.
  package func record(_ isRecording: Bool) -> [String] {
    state.withLock { state in
      state.recordsCalls = isRecording
      defer { state.calls = [] }
      return state.calls
    }
  }

  /// Ends the process as a kill does: what was written stays in the page cache.
  package func restartProcess() {
    state.withLock { state in
      state.isClaimed = false
      state.isStopped = false
      state.changesLeft = nil
      state.syncsLeft = nil
      state.writesLeft = nil
      state.readsLeft = nil
      state.generation += 1
    }
  }

  /// Ends the process as a power loss does.
  package func losePower() {
    state.withLock { $0.disk.losePower() }
    restartProcess()
  }

  /// The content of a file, as reads show it.
  package func content(of name: String) -> [UInt8]? {
    state.withLock { state in
      state.disk.cachedNames[name].flatMap { state.disk.files[$0]?.cached }
    }
  }

  /// Changes a file behind the log's back, on the disk and in the cache alike.
  package func setContent(of name: String, _ content: [UInt8]?) {
    state.withLock { state in
      guard let content else {
        state.disk.cachedNames[name] = nil
        state.disk.durableNames[name] = nil
        return
      }
      let file = state.disk.cachedNames[name] ?? state.disk.create(name)
      state.disk.files[file] = SimulatedFile(durable: content, cached: content)
      state.disk.synchronizeNames()
    }
  }

  // MARK: LogStorage

  package func claim() throws(DirectoryLock.Refusal) {
    let isFree = state.withLock { state in
      defer { state.isClaimed = true }
      return !state.isClaimed
    }
    if !isFree { throw .held(byProcess: 1) }
  }

  package func release() { state.withLock { $0.isClaimed = false } }

  package func isClaimed() throws(SystemError) -> Bool { state.withLock { $0.isClaimed } }

  package func names() throws(SystemError) -> [String] {
    try look { state throws(SystemError) in state.disk.cachedNames.keys.sorted() }
  }

  package func createFile(_ name: String) throws(SystemError) -> any LogStorageFile {
    try change("create \(name)") { state, isCutShort throws(SystemError) in
      guard state.disk.cachedNames[name] == nil else { throw Self.exists }
      guard !state.refusesNewFiles else { throw .noSpace }
      return SimulatedStorageFile(
        self, file: state.disk.create(name), generation: state.generation)
    }
  }

  package func openFile(
    _ name: String, _ access: FileAccess
  ) throws(SystemError) -> any LogStorageFile {
    try look { state throws(SystemError) in
      guard let file = state.disk.cachedNames[name] else { throw Self.notFound }
      return SimulatedStorageFile(self, file: file, generation: state.generation)
    }
  }

  package func openFileForDirectRead(
    _ name: String
  ) throws(SystemError) -> (any LogStorageFile)? {
    try look { state throws(SystemError) in
      guard let file = state.disk.cachedNames[name] else { throw Self.notFound }
      return SimulatedStorageFile(
        self, file: file, generation: state.generation, isDirect: true)
    }
  }

  package func rename(_ source: String, to target: String) throws(SystemError) {
    try change("rename \(target)") { state, _ throws(SystemError) in
      guard let file = state.disk.cachedNames[source] else { throw Self.notFound }
      guard state.disk.cachedNames[target] == nil else { throw Self.exists }
      state.disk.change(SimulatedNameChange(removed: source, added: (target, file)))
    }
  }

  package func remove(_ name: String) throws(SystemError) {
    try change("remove \(name)") { state, _ throws(SystemError) in
      guard state.disk.cachedNames[name] != nil else { throw Self.notFound }
      state.disk.change(SimulatedNameChange(removed: name, added: nil))
    }
  }

  package func synchronizeNames() throws(SystemError) {
    try change("sync names", isSync: true) { state, isCutShort throws(SystemError) in
      if isCutShort { return }
      state.disk.synchronizeNames()
    } onFailure: {
      $0.failToSynchronizeNames()
    }
  }

  package func freeByteCount() throws(SystemError) -> UInt64 {
    try look { state throws(SystemError) in
      UInt64(max(0, state.disk.capacity - state.disk.usedByteCount))
    }
  }

  // MARK: For files

  fileprivate func content(of file: Int, isDirect: Bool) throws(SystemError) -> [UInt8] {
    try look { state throws(SystemError) in
      if let left = state.readsLeft {
        state.readsLeft = left > 0 ? left - 1 : nil
        if left == 0 { throw Self.readError }
      }
      return isDirect ? state.disk.directContent(of: file) : state.disk.files[file]?.cached ?? []
    }
  }

  fileprivate func write(_ bytes: [UInt8], at offset: Int, to file: Int) throws(SystemError) {
    try change("write", file) { state, isCutShort throws(SystemError) in
      if let left = state.writesLeft {
        state.writesLeft = left > 0 ? left - 1 : nil
        if left == 0 {
          state.disk.write(bytes, at: offset, to: file, isCutShort: true)
          throw Self.writeError
        }
      }
      state.disk.write(bytes, at: offset, to: file, isCutShort: isCutShort)
    }
  }

  fileprivate func fill(_ file: Int, byteCount: Int) throws(SystemError) {
    try change("fill", file) { state, isCutShort throws(SystemError) in
      guard state.disk.capacity - state.disk.usedByteCount >= byteCount else { throw .noSpace }
      state.disk.write(
        [UInt8](repeating: 0, count: byteCount), at: 0, to: file, isCutShort: isCutShort)
    }
  }

  fileprivate func truncate(_ file: Int, to byteCount: Int) throws(SystemError) {
    try change("truncate", file) { state, _ throws(SystemError) in
      state.disk.setLength(byteCount, of: file)
    }
  }

  fileprivate func synchronize(
    _ file: Int, isData: Bool
  ) throws(SystemError) {
    try change(isData ? "fdatasync" : "fsync", file, isSync: true) {
      state, isCutShort throws(SystemError) in
      if isCutShort { return }
      state.disk.synchronize(file)
    } onFailure: {
      $0.failToSynchronize(file)
    }
  }

  fileprivate func check(_ generation: Int) throws(SystemError) {
    let isCurrent = state.withLock { $0.generation == generation }
    if !isCurrent { throw Self.stopped }
  }

  private func look<Value>(
    _ body: (inout State) throws(SystemError) -> Value
  ) throws(SystemError) -> Value {
    try state.withLock { state throws(SystemError) in
      if state.isStopped { throw Self.stopped }
      return try body(&state)
    }
  }

  private func change<Value>(
    _ call: String, _ file: Int? = nil, isSync: Bool = false,
    _ body: (inout State, _ isCutShort: Bool) throws(SystemError) -> Value,
    onFailure: (inout SimulatedDisk) -> Void = { _ in }
  ) throws(SystemError) -> Value {
    try state.withLock { state throws(SystemError) in
      if state.isStopped { throw Self.stopped }
      state.changeCount += 1
      if state.recordsCalls {
        let name = state.disk.cachedNames.first { $0.value == file }?.key
        state.calls.append(name.map { "\(call) \($0)" } ?? call)
      }
      if let left = state.changesLeft {
        state.changesLeft = left - 1
        if left == 0 {
          state.isStopped = true
          if state.disk.generator.oneIn(2) { _ = try body(&state, true) }
          throw Self.stopped
        }
      }
      if isSync, let left = state.syncsLeft {
        state.syncsLeft = left > 0 ? left - 1 : nil
        if left == 0 {
          onFailure(&state.disk)
          throw Self.inputOutput
        }
      }
      return try body(&state, false)
    }
  }
}

private final class SimulatedStorageFile: LogStorageFile {
  private let storage: SimulatedStorage
  private let file: Int
  private let generation: Int
  private let isDirect: Bool

  init(
    _ storage: SimulatedStorage, file: Int, generation: Int, isDirect: Bool = false
  ) {
    self.storage = storage
    self.file = file
    self.generation = generation
    self.isDirect = isDirect
  }

  func byteCount() throws(SystemError) -> Int {
    try storage.content(of: file, isDirect: isDirect).count
  }

  func read(at offset: Int, into target: inout OutputRawSpan) throws(SystemError) {
    let content = try storage.content(of: file, isDirect: isDirect)
    guard offset < content.count else { return }
    unsafe content.withUnsafeBytes { source in
      unsafe target.withUnsafeMutableBytes { region, initializedCount in
        let count = min(region.count - initializedCount, source.count - offset)
        unsafe region[initializedCount...].copyBytes(from: source[offset..<offset + count])
        initializedCount += count
      }
    }
  }

  func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
    try storage.check(generation)
    let copy = unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    try storage.write(copy, at: offset, to: file)
  }

  func synchronizeData() throws(SystemError) {
    try storage.check(generation)
    try storage.synchronize(file, isData: true)
  }

  func synchronize() throws(SystemError) {
    try storage.check(generation)
    try storage.synchronize(file, isData: false)
  }

  func fillWithZeros(byteCount: Int) throws(SystemError) {
    try storage.check(generation)
    try storage.fill(file, byteCount: byteCount)
  }

  func truncate(to byteCount: Int) throws(SystemError) {
    try storage.check(generation)
    try storage.truncate(file, to: byteCount)
  }
}
