package import LinuxSystem

/// What the file log stands on: named files in one directory.
///
/// A seam for simulation. What is written is durable only after a sync of the file, and a name only
/// after a sync of the names; after a failed sync neither can be told from what is read back,
/// except by a direct read.
package protocol LogStorage: Sendable {
  /// Claims the directory for this process until the storage goes.
  func claim() throws(DirectoryLock.Refusal)
  /// Drops the claim.
  func release()
  /// Whether any process has claimed it.
  func isClaimed() throws(SystemError) -> Bool

  func names() throws(SystemError) -> [String]
  func createFile(_ name: String) throws(SystemError) -> any LogStorageFile
  func openFile(_ name: String, _ access: FileAccess) throws(SystemError) -> any LogStorageFile
  /// Opens for reads past the page cache; nil when the storage has no such reads.
  func openFileForDirectRead(_ name: String) throws(SystemError) -> (any LogStorageFile)?
  /// Renames to a name that is not taken.
  func rename(_ source: String, to target: String) throws(SystemError)
  func remove(_ name: String) throws(SystemError)
  func synchronizeNames() throws(SystemError)
  func freeByteCount() throws(SystemError) -> UInt64
}

/// One open file of a `LogStorage`.
package protocol LogStorageFile: AnyObject, Sendable {
  func byteCount() throws(SystemError) -> Int
  func read(at offset: Int, into target: inout OutputRawSpan) throws(SystemError)
  func write(_ bytes: RawSpan, at offset: Int) throws(SystemError)
  /// The sync of a commit.
  func synchronizeData() throws(SystemError)
  /// The sync of everything else.
  func synchronize() throws(SystemError)
  /// Reserves the space of a new file and fills it with zeros, of which any part may be synced.
  func fillWithZeros(byteCount: Int) throws(SystemError)
  func truncate(to byteCount: Int) throws(SystemError)
}

extension LogStorage {
  /// Removes a file of the log, for good when it returns.
  func removeDurably(_ name: String) throws(LogError) {
    try attempt(name) { () throws(SystemError) in
      try remove(name)
      try synchronizeNames()
    }
  }

  /// Opens for reading what the disk has; the flag says whether that could be had.
  ///
  /// After a failed sync the page cache may hold data that the disk does not, and call it clean.
  func openFileForTruth(
    _ name: String
  ) throws(SystemError) -> (file: any LogStorageFile, isDirect: Bool) {
    if let file = try openFileForDirectRead(name) { return (file, true) }
    return (try openFile(name, .readOnly), false)
  }
}
