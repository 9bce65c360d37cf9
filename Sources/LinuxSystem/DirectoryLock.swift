import CLinux
import Glibc

/// The claim of one process on a directory, dropped when the owner goes, however it goes.
///
/// The lock is on a file in the directory that also holds the owner's process id, as decimal text
/// and a line feed, for whoever is refused.
public struct DirectoryLock: ~Copyable, Sendable {
  /// Why a directory could not be claimed.
  public enum Refusal: Error, Equatable, Sendable {
    /// Another process has it; nil when its id could not be read.
    case held(byProcess: Int32?)
    case failed(SystemError)
  }

  private let file: File

  /// Claims a directory without waiting.
  public init(_ directory: borrowing Directory, name: String) throws(Refusal) {
    file = try Self.claim(directory, name: name)
  }

  // Closing would leave it to a child that was forked meanwhile, until that calls exec.
  deinit { _ = systemCall("fcntl") { CLinux_unlock_file(file.descriptorNumber) } }

  /// Whether a process has claimed the directory; asking takes no claim.
  public static func isHeld(
    _ directory: borrowing Directory, name: String
  ) throws(SystemError) -> Bool {
    do throws(SystemError) {
      let file = try directory.openFile(name, .readOnly)
      return try systemCall("fcntl") { CLinux_is_file_locked(file.descriptorNumber) }.get() == 1
    } catch {
      if error.errorNumber == ENOENT { return false }
      throw error
    }
  }

  private static func claim(
    _ directory: borrowing Directory, name: String
  ) throws(Refusal) -> File {
    do {
      let file = try directory.openOrCreateFile(name)
      if case .failure(let error) = systemCall(
        "fcntl",
        {
          CLinux_lock_file(file.descriptorNumber)
        })
      {
        guard error.errorNumber == EAGAIN || error.errorNumber == EACCES else { throw error }
        throw Refusal.held(byProcess: try process(in: file))
      }
      try file.truncate(to: 0)
      try file.write(text: "\(getpid())\n")
      return file
    } catch let refusal as Refusal {
      throw refusal
    } catch let error as SystemError {
      throw .failed(error)
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private static func process(in file: borrowing File) throws(SystemError) -> Int32? {
    Int32(try file.text(byteCountMax: 16).prefix { $0 != "\n" })
  }
}
