import CLinux
import Glibc

/// An open regular file; reads and writes name their offset.
///
/// Writing and making durable are separate calls on purpose: only the owner knows what may be told
/// to others after which of them.
public struct File: ~Copyable, Sendable {
  private let descriptor: OwnedDescriptor

  var descriptorNumber: Int32 { descriptor.rawValue }

  init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

  /// Opens a file by its path, to read it; a symbolic link is followed.
  public init(readingFrom path: String) throws(SystemError) {
    let rawValue = try systemCall("open") { unsafe open(path, O_RDONLY | O_CLOEXEC) }.get()
    descriptor = OwnedDescriptor(adopting: rawValue)
  }

  /// The whole of a small file.
  public func content() throws(SystemError) -> [UInt8] {
    let fileByteCount = try byteCount()
    var buffer = FileBuffer(byteCount: max(1, fileByteCount))
    let readByteCount = try buffer.withOutput(in: 0..<fileByteCount) {
      (output) throws(SystemError) in
      try read(at: 0, into: &output)
    }
    return buffer.bytes.array(first: readByteCount)
  }

  public func byteCount() throws(SystemError) -> Int {
    var status = stat()
    _ = try systemCall("fstat") { unsafe fstat(descriptor.rawValue, &status) }.get()
    return Int(status.st_size)
  }

  /// Whether it is a file like any other, and no directory, pipe or device.
  func isRegular() throws(SystemError) -> Bool {
    var status = stat()
    _ = try systemCall("fstat") { unsafe fstat(descriptor.rawValue, &status) }.get()
    return status.st_mode & S_IFMT == S_IFREG
  }

  /// Reads from `offset` until the free part of `target` is full or the file ends.
  ///
  /// A file opened for direct reads needs the offset and the target aligned to the device's sector
  /// size; 4096 serves every device.
  public func read(at offset: Int, into target: inout OutputRawSpan) throws(SystemError) {
    var readEnd = offset
    while target.freeCapacity > 0 {
      let outcome: Result<Int, SystemError> = unsafe target.withUnsafeMutableBytes {
        region, initializedCount in
        let free = unsafe UnsafeMutableRawBufferPointer(rebasing: region[initializedCount...])
        let outcome = systemCall("pread64") {
          unsafe pread(descriptor.rawValue, free.baseAddress, free.count, readEnd)
        }
        if case .success(let byteCount) = outcome { initializedCount += byteCount }
        return outcome
      }
      let byteCount = try outcome.get()
      if byteCount == 0 { return }
      readEnd += byteCount
    }
  }

  /// The first bytes of a small text file.
  public func text(byteCountMax: Int) throws(SystemError) -> String {
    var outcome = Result<Int, SystemError>.success(0)
    let text = unsafe String(unsafeUninitializedCapacity: byteCountMax) { region in
      outcome = systemCall("pread64") {
        unsafe pread(descriptor.rawValue, region.baseAddress, region.count, 0)
      }
      return (try? outcome.get()) ?? 0
    }
    _ = try outcome.get()
    return text
  }

  /// Writes a short text at the front.
  public func write(text: String) throws(SystemError) {
    var buffer = FileBuffer(byteCount: max(1, text.utf8.count))
    let byteCount = buffer.withOutput(in: 0..<text.utf8.count) { output in
      for byte in text.utf8 { output.append(byte) }
    }
    try write(buffer.bytes.extracting(first: byteCount), at: 0)
  }

  /// Writes all of `bytes` at `offset`, going on after a short write.
  ///
  /// After an error any part of it may have been written.
  public func write(_ bytes: RawSpan, at offset: Int) throws(SystemError) {
    var writtenCount = 0
    while writtenCount < bytes.byteCount {
      let outcome = unsafe bytes.withUnsafeBytes { region in
        let rest = unsafe UnsafeRawBufferPointer(rebasing: region[writtenCount...])
        return systemCall("pwrite64") {
          unsafe pwrite(descriptor.rawValue, rest.baseAddress, rest.count, offset + writtenCount)
        }
      }
      writtenCount += try outcome.get()
    }
  }

  /// Makes the file's content durable, and of its attributes what reading it back needs: fdatasync.
  ///
  /// After an error nobody can say what is on the disk, and a second call may report success for
  /// data that is lost. Only reading past the page cache tells the truth.
  public func synchronizeData() throws(SystemError) {
    // Not repeated after EINTR either: an interrupted sync is a sync that failed.
    if fdatasync(descriptor.rawValue) != 0 {
      throw SystemError(errorNumber: errno, call: "fdatasync")
    }
  }

  /// Makes content and all attributes durable: fsync; after an error as `synchronizeData`.
  public func synchronize() throws(SystemError) {
    if fsync(descriptor.rawValue) != 0 { throw SystemError(errorNumber: errno, call: "fsync") }
  }
}
