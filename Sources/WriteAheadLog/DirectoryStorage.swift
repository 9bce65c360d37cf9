package import LinuxSystem
import Synchronization

/// A log's storage in a real directory.
package final class DirectoryStorage: LogStorage {
  private let directory: Directory
  private let lock = Mutex<DirectoryLock?>(nil)

  package init(path: String) throws(SystemError) { directory = try Directory(path: path) }

  package func claim() throws(DirectoryLock.Refusal) {
    let claimed = try DirectoryLock(directory, name: LogFileName.lock)
    hold(claimed)
  }

  private func hold(_ claimed: consuming DirectoryLock) {
    var claimed: DirectoryLock? = consume claimed
    lock.withLock { swap(&$0, &claimed) }
  }

  package func release() { lock.withLock { $0 = nil } }

  package func isClaimed() throws(SystemError) -> Bool {
    try DirectoryLock.isHeld(directory, name: LogFileName.lock)
  }

  package func names() throws(SystemError) -> [String] { try directory.names() }

  package func createFile(_ name: String) throws(SystemError) -> any LogStorageFile {
    DirectoryStorageFile(try directory.createFile(name))
  }

  package func openFile(
    _ name: String, _ access: FileAccess
  ) throws(SystemError) -> any LogStorageFile {
    DirectoryStorageFile(try directory.openFile(name, access))
  }

  package func openFileForDirectRead(
    _ name: String
  ) throws(SystemError) -> (any LogStorageFile)? {
    guard let file = try directory.openFileForDirectRead(name) else { return nil }
    return DirectoryStorageFile(file)
  }

  package func rename(_ source: String, to target: String) throws(SystemError) {
    try directory.rename(source, to: target)
  }

  package func remove(_ name: String) throws(SystemError) { try directory.remove(name) }

  package func synchronizeNames() throws(SystemError) { try directory.synchronize() }

  package func freeByteCount() throws(SystemError) -> UInt64 { try directory.freeByteCount() }
}

private final class DirectoryStorageFile: LogStorageFile {
  private let file: File

  init(_ file: consuming File) { self.file = file }

  func byteCount() throws(SystemError) -> Int { try file.byteCount() }

  func read(at offset: Int, into target: inout OutputRawSpan) throws(SystemError) {
    try file.read(at: offset, into: &target)
  }

  func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
    try file.write(bytes, at: offset)
  }

  func synchronizeData() throws(SystemError) { try file.synchronizeData() }

  func synchronize() throws(SystemError) { try file.synchronize() }

  func fillWithZeros(byteCount: Int) throws(SystemError) {
    try file.allocate(byteCount: byteCount)
    // A little at a time: the sync of a commit must not wait for all of it at once.
    let pieceByteCount = 1 << 20
    for offset in stride(from: 0, to: byteCount, by: pieceByteCount) {
      try file.writeZeros(at: offset, byteCount: min(pieceByteCount, byteCount - offset))
      try file.synchronizeData()
    }
  }

  func truncate(to byteCount: Int) throws(SystemError) { try file.truncate(to: byteCount) }
}
