import Cryptography
import LinuxSystem
import TransactionModel

/// How a log is made.
public struct LogSettings: Sendable {
  public var kind = LogKind.state
  /// What the log serves, so that a test log is never taken for another: a number of the owner's.
  public var environment: UInt8 = 0
  public var geometry = LogGeometry()
  /// Free space that the preparation of segments never takes.
  public var reserveByteCount: UInt64 = 64 << 20

  public init() {}
}

extension FileLog {
  /// Makes an empty log in an empty directory, which is made too if it does not exist.
  ///
  /// Nothing is left behind when it fails.
  ///
  /// - Throws: `directoryNotEmpty`, `noRoom`, or `system`.
  public static func create(directory path: String, _ settings: LogSettings) throws(LogError) {
    let storage: DirectoryStorage
    do throws(SystemError) {
      do throws(SystemError) {
        try Directory.create(path: path)
      } catch {
        guard error.isExisting else { throw error }
      }
      storage = try DirectoryStorage(path: path)
    } catch {
      throw .system(error, file: LogFileName.directory)
    }
    try create(
      storage, settings,
      history: LogHistory(identity: HistoryIdentity(rawValue: SecureRandom.identity())))
  }

  package static func create(
    _ storage: any LogStorage, _ settings: LogSettings, history: LogHistory
  ) throws(LogError) {
    let geometry = settings.geometry
    let (names, freeByteCount) = try attempt(LogFileName.directory) { () throws(SystemError) in
      (try storage.names(), try storage.freeByteCount())
    }
    guard names.isEmpty else { throw .directoryNotEmpty }
    let neededByteCount = UInt64(geometry.segmentByteCount) + settings.reserveByteCount
    guard freeByteCount >= neededByteCount else {
      throw .noRoom(neededByteCount: neededByteCount, freeByteCount: freeByteCount)
    }
    try storage.claimForLog()
    let block = ControlBlock(
      kind: settings.kind, environment: settings.environment, geometry: geometry,
      tail: LogTail(beginningOf: history))
    do throws(SystemError) {
      try createFiles(storage, block)
    } catch {
      try? storage.remove(LogFileName.lock)
      guard !error.isNoSpace else {
        throw .noRoom(neededByteCount: neededByteCount, freeByteCount: freeByteCount)
      }
      throw .system(error, file: LogFileName.directory)
    }
  }

  /// The first segment, and then the control file, which makes it a log.
  private static func createFiles(
    _ storage: any LogStorage, _ block: ControlBlock
  ) throws(SystemError) {
    let first = LogFileName.segment(1)
    _ = try storage.makeDurableFile(first) { file throws(SystemError) in
      try file.fillWithZeros(byteCount: block.geometry.segmentByteCount)
    }
    do throws(SystemError) {
      try ControlFile.create(block, in: storage)
    } catch {
      try? storage.remove(first)
      throw error
    }
  }
}

extension LogStorage {
  func claimForLog() throws(LogError) {
    do throws(DirectoryLock.Refusal) {
      try claim()
    } catch {
      switch error {
      case .held(let process): throw .directoryInUse(process: process)
      case .failed(let error): throw .system(error, file: LogFileName.lock)
      }
    }
  }
}
