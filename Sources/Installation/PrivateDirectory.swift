import LinuxSystem

/// A directory under construction that only its owner may enter; so are all files in it.
struct PrivateDirectory: ~Copyable {
  let path: String
  private let directory: Directory

  /// Makes the directory, or takes up one that is empty.
  init(path: String) throws(InstallationError) {
    let directory = try Self.reporting(path) { () throws(SystemError) in
      try Self.openOrCreate(path)
    }
    let names = try Self.reporting(path) { () throws(SystemError) in try directory.names() }
    guard names.isEmpty else { throw .directoryNotEmpty(path) }
    self.path = path
    self.directory = directory
  }

  /// What is wrong with a directory that can be neither made nor opened is said by the making.
  private static func openOrCreate(_ path: String) throws(SystemError) -> Directory {
    do throws(SystemError) {
      try Directory.create(path: path)
    } catch {
      guard let existing = try? Directory(path: path) else { throw error }
      return existing
    }
    return try Directory(path: path)
  }

  /// Makes a directory in this one.
  func directory(_ name: String) throws(InstallationError) -> PrivateDirectory {
    try PrivateDirectory(path: "\(path)/\(name)")
  }

  /// Writes a file that only its owner may read, from the moment that it exists.
  func write(_ content: [UInt8], to name: String) throws(InstallationError) {
    try Self.reporting("\(path)/\(name)") { () throws(SystemError) in
      let file = try directory.createFile(name)
      try file.write(content.rawBytes, at: 0)
      try file.synchronize()
    }
  }

  /// Makes the names in it durable.
  func synchronize() throws(InstallationError) {
    try Self.reporting(path) { () throws(SystemError) in try directory.synchronize() }
  }

  private static func reporting<Value: ~Copyable>(
    _ path: String, _ body: () throws(SystemError) -> Value
  ) throws(InstallationError) -> Value {
    do throws(SystemError) { return try body() } catch { throw .cannotWrite(path: path, error) }
  }
}
