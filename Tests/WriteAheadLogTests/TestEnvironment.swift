import Glibc

/// The value of an environment variable, or nil.
func environmentValue(_ name: String) -> String? {
  guard let value = unsafe getenv(name) else { return nil }
  return unsafe String(cString: value)
}

func exitNow(_ status: Int32) -> Never { _exit(status) }

func currentProcess() -> Int32 { getpid() }

/// A directory that goes with its owner.
final class TemporaryDirectory: Sendable {
  /// Does not exist yet; whoever makes a log there makes it.
  var path: String { parent + "/log" }
  private let parent: String

  init() {
    var template = Array("/tmp/posd-test-XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { fatalError("mkdtemp: errno \(errno)") }
    parent = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for directory in [path, parent] {
      if let stream = unsafe opendir(directory) {
        while let entry = unsafe readdir(stream) {
          let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
            unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
          }
          unsafe unlink(directory + "/" + name)
        }
        unsafe closedir(stream)
      }
      unsafe rmdir(directory)
    }
  }
}
