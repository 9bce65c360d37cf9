import CLinux
import Glibc

/// An open directory; names are relative to it and never paths.
public struct Directory: ~Copyable, Sendable {
  private let descriptor: OwnedDescriptor

  var descriptorNumber: Int32 { descriptor.rawValue }

  public init(path: String) throws(SystemError) {
    let rawValue = try systemCall("open") {
      unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }.get()
    descriptor = OwnedDescriptor(adopting: rawValue)
  }

  /// Makes a directory that only its owner may enter, and makes its name durable.
  public static func create(path: String) throws(SystemError) {
    _ = try systemCall("mkdir") { unsafe mkdir(path, 0o700) }.get()
    let parent = try Directory(path: path + "/..")
    try parent.synchronize()
  }

  /// The names in it, in no order, without `.` and `..`.
  public func names() throws(SystemError) -> [String] {
    // The stream owns its descriptor and its place in the directory, so it gets one of its own.
    let rawValue = try systemCall("openat") {
      unsafe openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }.get()
    guard let stream = unsafe fdopendir(rawValue) else {
      let errorNumber = errno
      _ = Glibc.close(rawValue)
      throw SystemError(errorNumber: errorNumber, call: "fdopendir")
    }
    defer { unsafe _ = closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(stream) else {
        let errorNumber = errno
        guard errorNumber == 0 else { throw SystemError(errorNumber: errorNumber, call: "readdir") }
        return names
      }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  /// Renames, and refuses with EEXIST to replace a file; durable after `synchronize`.
  public func rename(_ source: String, to target: String) throws(SystemError) {
    _ = try systemCall("renameat2") {
      unsafe CLinux_rename_new(descriptor.rawValue, source, target)
    }.get()
  }

  /// Removes a name; durable after `synchronize`.
  public func remove(_ name: String) throws(SystemError) {
    _ = try systemCall("unlinkat") { unsafe unlinkat(descriptor.rawValue, name, 0) }.get()
  }

  /// Makes the names durable: fsync of the directory.
  public func synchronize() throws(SystemError) {
    if fsync(descriptor.rawValue) != 0 { throw SystemError(errorNumber: errno, call: "fsync") }
  }

  /// The bytes that an unprivileged process may still allocate here.
  public func freeByteCount() throws(SystemError) -> UInt64 {
    var byteCount: UInt64 = 0
    _ = try systemCall("fstatvfs") {
      unsafe CLinux_free_byte_count(descriptor.rawValue, &byteCount)
    }.get()
    return byteCount
  }
}
