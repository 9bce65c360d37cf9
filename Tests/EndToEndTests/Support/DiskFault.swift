import Foundation
import ProgramSupport

/// The library that makes writes short and disks full, built for the test that preloads it.
struct DiskFault {
  static let compiler = Program.tool("clang") ?? Program.tool("cc")

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Support/DiskFault/disk_fault.c").standardized
    guard let compiler = Self.compiler else { throw ChildFailure("no C compiler") }
    let ended = try compiler.run([
      "-shared", "-fPIC", "-Wall", "-Werror", "-o", library,
      source.path(percentEncoded: false), "-ldl",
    ])
    guard ended.status == 0 else { throw ChildFailure(ended.errors) }
  }

  private var library: String { folder.path("disk_fault.so") }

  /// The environment of a program: `half`, `fail=N` or `full=PATH`, as the source says.
  func environment(_ fault: String, in directory: String = "") -> [String: String] {
    ["LD_PRELOAD": library, "DISK_FAULT": fault, "DISK_FAULT_IN": directory]
  }
}
