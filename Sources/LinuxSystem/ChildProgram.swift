import CLinux
import Glibc
import Synchronization

/// A program that is run aside, and what it writes to its output and errors.
///
/// It gets no descriptor of ours, nothing to read, and of a processor what the thread gets that
/// starts it.
public final class ChildProgram: Sendable {
  private let identifier: Mutex<Int32?>
  private let process: Int32
  private let output: OwnedDescriptor

  /// Starts it; the first argument is its name for itself.
  public init(path: String, arguments: [String]) throws(SystemError) {
    var descriptors: (Int32, Int32) = (-1, -1)
    _ = try systemCall("pipe2") {
      unsafe withUnsafeMutableBytes(of: &descriptors) { bytes in
        unsafe CLinux_pipe(bytes.assumingMemoryBound(to: Int32.self).baseAddress)
      }
    }.get()
    let readEnd = OwnedDescriptor(adopting: descriptors.0)
    let writeEnd = OwnedDescriptor(adopting: descriptors.1)
    var words = unsafe arguments.map { unsafe strdup($0) }
    unsafe words.append(nil)
    defer { unsafe words.forEach { unsafe free($0) } }
    var started: Int32 = 0
    _ = try systemCall("posix_spawn") {
      unsafe CLinux_spawn(path, words, writeEnd.rawValue, &started)
    }.get()
    process = started
    identifier = Mutex(started)
    output = readEnd
  }

  /// Ends it in the middle of whatever it does; nothing when it has ended.
  public func kill() {
    identifier.withLock { if let process = $0 { _ = Glibc.kill(process, SIGKILL) } }
  }

  /// Waits for its end: its exit status, or minus the signal that ended it, and the last of what it
  /// wrote.
  public func wait(byteCountMax: Int = 8_192) -> (status: Int32, text: String) {
    var text: [UInt8] = []
    var chunk = FileBuffer(byteCount: 4_096)
    while true {
      let descriptor = output.rawValue
      var count = 0
      let filled = chunk.withOutput(in: 0..<chunk.byteCount) { tail in
        unsafe tail.withUnsafeMutableBytes { region, initializedCount in
          repeat {
            count = unsafe Glibc.read(descriptor, region.baseAddress, region.count)
          } while count < 0 && errno == EINTR
          initializedCount = max(0, count)
        }
      }
      if count <= 0 { break }
      text += chunk.bytes.array(first: filled)
      if text.count > byteCountMax { text.removeFirst(text.count - byteCountMax) }
    }
    // From here on the number may be another process's.
    identifier.withLock { $0 = nil }
    return (CLinux_wait(process), String(decoding: text, as: UTF8.self))
  }
}
