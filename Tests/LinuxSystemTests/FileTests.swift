import Glibc
import LinuxSystem
import Testing

@Suite("Files and directories")
final class FileTests {
  private let path: String

  init() throws {
    var template = Array("/tmp/posd-file-XXXXXX".utf8CString)
    try #require(unsafe mkdtemp(&template) != nil)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if let directory = try? Directory(path: path), let names = try? directory.names() {
      for name in names { try? directory.remove(name) }
    }
    _ = unsafe rmdir(path)
  }

  private func content(of file: borrowing File, from offset: Int, count: Int) throws -> [UInt8] {
    var buffer = FileBuffer(byteCount: count)
    let byteCount = try buffer.withOutput(in: 0..<count) { output throws(SystemError) in
      try file.read(at: offset, into: &output)
    }
    return unsafe buffer.bytes.withUnsafeBytes { unsafe Array($0.prefix(byteCount)) }
  }

  @Test("what is written is read back, up to the end of the file")
  func readAndWrite() throws {
    let directory = try Directory(path: path)
    let file = try directory.createFile("file")
    unsafe try file.write(([1, 2, 3, 4, 5] as [UInt8]).span.bytes, at: 10)
    try file.synchronizeData()
    try file.synchronize()
    #expect(try file.byteCount() == 15)
    #expect(try content(of: file, from: 8, count: 100) == [0, 0, 1, 2, 3, 4, 5])
    #expect(try content(of: file, from: 15, count: 8).isEmpty)
    try file.truncate(to: 12)
    #expect(try content(of: file, from: 10, count: 100) == [1, 2])
  }

  @Test("zeros are allocated and written, over more than one call takes")
  func zeros() throws {
    let directory = try Directory(path: path)
    let file = try directory.createFile("zeros")
    let byteCount = 3 << 20 + 4096
    try file.allocate(byteCount: byteCount)
    try file.writeZeros(at: 0, byteCount: byteCount)
    #expect(try file.byteCount() == byteCount)
    let end = try content(of: file, from: byteCount - 10, count: 20)
    #expect(end == [UInt8](repeating: 0, count: 10))
  }

  @Test("a direct read gives what was written, where the file system has such reads")
  func directRead() throws {
    let directory = try Directory(path: path)
    let file = try directory.createFile("direct")
    unsafe try file.write([UInt8](repeating: 7, count: 5000).span.bytes, at: 0)
    if let direct = try directory.openFileForDirectRead("direct") {
      #expect(try content(of: direct, from: 4096, count: 4096) == [UInt8](repeating: 7, count: 904))
    }
  }

  @Test("a name is neither created nor renamed over another")
  func names() throws {
    let directory = try Directory(path: path)
    _ = try directory.createFile("one")
    #expect(throws: SystemError(errorNumber: EEXIST, call: "openat")) {
      _ = try directory.createFile("one")
    }
    _ = try directory.createFile("two")
    #expect(throws: SystemError(errorNumber: EEXIST, call: "renameat2")) {
      try directory.rename("one", to: "two")
    }
    try directory.rename("one", to: "three")
    try directory.synchronize()
    #expect(try directory.names().sorted() == ["three", "two"])
    try directory.remove("two")
    #expect(throws: SystemError(errorNumber: ENOENT, call: "openat")) {
      _ = try directory.openFile("two", .readOnly)
    }
    #expect(try directory.freeByteCount() > 0)
  }

  @Test("a symbolic link is not followed")
  func symbolicLink() throws {
    let directory = try Directory(path: path)
    try #require(unsafe symlink("/etc/hostname", path + "/link") == 0)
    #expect(throws: SystemError(errorNumber: ELOOP, call: "openat")) {
      _ = try directory.openFile("link", .readOnly)
    }
  }

  @Test("a directory has one owner, who is named to others, until he goes")
  func lock() throws {
    let directory = try Directory(path: path)
    #expect(try !DirectoryLock.isHeld(directory, name: "lock"))
    do {
      let lock = try DirectoryLock(directory, name: "lock")
      #expect(try DirectoryLock.isHeld(directory, name: "lock"))
      #expect(throws: DirectoryLock.Refusal.held(byProcess: getpid())) {
        _ = try DirectoryLock(directory, name: "lock")
      }
      extendLifetime(lock)
    }
    #expect(try !DirectoryLock.isHeld(directory, name: "lock"))
    _ = try DirectoryLock(directory, name: "lock")
  }
}
