import CLinux
import Glibc

/// What an open file may be used for.
public enum FileAccess: Sendable {
  case readOnly
  case readWrite
}

extension Directory {
  /// Opens a file that exists; a symbolic link is refused with ELOOP.
  public func openFile(_ name: String, _ access: FileAccess) throws(SystemError) -> File {
    let flags = access == .readOnly ? O_RDONLY : O_RDWR
    return try openFile(name, flags: flags)
  }

  /// Opens a regular file to read it; `nil` when the name is of anything else.
  ///
  /// Other files may only tell at a read that they are none: a pipe by keeping the reader for good.
  public func openRegularFile(_ name: String) throws(SystemError) -> File? {
    do throws(SystemError) {
      // Opening a pipe would wait for its writer; to a regular file the flag means nothing.
      let file = try openFile(name, flags: O_RDONLY | O_NONBLOCK)
      guard try file.isRegular() else { return nil }
      return file
    } catch {
      // A symbolic link; a socket, or a device that is not there.
      if error.errorNumber == ELOOP || error.errorNumber == ENXIO { return nil }
      throw error
    }
  }

  /// Makes a file that did not exist, for its owner only; EEXIST when it did.
  public func createFile(_ name: String) throws(SystemError) -> File {
    try openFile(name, flags: O_RDWR | O_CREAT | O_EXCL)
  }

  /// Opens a file, making it first if need be.
  public func openOrCreateFile(_ name: String) throws(SystemError) -> File {
    try openFile(name, flags: O_RDWR | O_CREAT)
  }

  /// Opens a file for reads past the page cache: nil where the file system has none.
  public func openFileForDirectRead(_ name: String) throws(SystemError) -> File? {
    let outcome = systemCall("openat") { unsafe CLinux_open_direct(descriptorNumber, name) }
    if case .failure(let error) = outcome, error.errorNumber == EINVAL { return nil }
    return File(OwnedDescriptor(adopting: try outcome.get()))
  }

  private func openFile(_ name: String, flags: Int32) throws(SystemError) -> File {
    let rawValue = try systemCall("openat") {
      unsafe openat(descriptorNumber, name, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }.get()
    return File(OwnedDescriptor(adopting: rawValue))
  }
}
