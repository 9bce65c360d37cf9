import ArgumentParser
import EligibilityPolicy
import Installation
import LinuxSystem
import PolicyFiles

/// The command `posctl policy check`.
struct PolicyCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a directory of policy files, and say everything that is wrong in them.")

  @Argument(help: "The directory.") var directory: String

  func run() throws {
    do throws(PolicyFilesError) {
      let files = try PolicyFile.all(in: directory)
      _ = try PolicyBook(files: files)
      for file in files { StandardStreams.write("\(file.version.versionText)  \(file.name)\n") }
    } catch {
      guard case .mistakes = error else { throw error }
      StandardStreams.writeError("\(error)\n")
      throw ExitCode(PolicyVerdict.mistaken.rawValue)
    }
  }
}

/// The command `posctl policy export`.
struct PolicyExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the rules that are compiled in as policy files, to begin one's own from.")

  @Argument(help: "A directory that is empty or does not exist.") var directory: String

  func run() throws {
    let target = try emptyDirectory()
    for file in PolicyBook.compiledIn.files {
      let output = try target.createFile(file.name)
      try output.write(file.bytes.rawBytes, at: 0)
      try output.synchronize()
    }
    try target.synchronize()
  }

  private func emptyDirectory() throws -> Directory {
    if (try? Directory(path: directory)) == nil { try Directory.create(path: directory) }
    let target = try Directory(path: directory)
    guard try target.names().isEmpty else {
      throw ValidationError("\(directory) is not empty")
    }
    return target
  }
}
