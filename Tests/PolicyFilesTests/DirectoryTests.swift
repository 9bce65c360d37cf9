import EligibilityPolicy
import Foundation
import PolicyFiles
import Testing

/// A directory for one test, with these files in it.
private func withDirectory(
  _ files: [(name: String, bytes: [UInt8])], _ body: (String) throws -> Void
) throws {
  let directory = URL.temporaryDirectory.appending(path: "policy-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(at: directory) }
  for (name, bytes) in files { try Data(bytes).write(to: directory.appending(path: name)) }
  try body(directory.path())
}

@Suite("A policy directory")
struct DirectoryTests {
  private let compiledIn = PolicyBook.compiledIn.files.map { ($0.name, $0.bytes) }

  @Test("is read whole, and what does not end with .csv is passed over")
  func whole() throws {
    try withDirectory(compiledIn + [("README", [0x61]), ("calendar.csv.old", [0x62])]) { path in
      let book = try PolicyBook(directory: path)
      let files = try PolicyFile.all(in: path)
      #expect(book == PolicyBook.compiledIn)
      #expect(files == PolicyBook.compiledIn.files)
    }
  }

  @Test("may have files of 256 KiB, and none larger")
  func size() throws {
    let largest = [UInt8](repeating: 0x0A, count: PolicyFile.byteCountMax)
    try withDirectory([("income-a.csv", largest)]) { path in
      let files = try PolicyFile.all(in: path)
      #expect(files.map(\.bytes) == [largest])
    }
    try withDirectory([("income-a.csv", largest + [0x0A]), ("income-b.csv", [])]) { path in
      #expect(
        throws: PolicyFilesError.mistakes([
          PolicyMistake("income-a.csv", "longer than 262144 bytes")
        ])
      ) { try PolicyFile.all(in: path) }
    }
  }

  @Test("that is not there cannot be read")
  func unreadable() throws {
    #expect(throws: PolicyFilesError.self) { try PolicyFile.all(in: "/nonexistent") }
  }

  @Test("is refused with what is no regular file, and nobody waits for it", .timeLimit(.minutes(1)))
  func irregular() throws {
    try withDirectory(compiledIn) { path in
      let mkfifo = try Process.run(
        URL(filePath: "/usr/bin/mkfifo"), arguments: [path + "/income-pipe.csv"])
      mkfifo.waitUntilExit()
      #expect(mkfifo.terminationStatus == 0)
      try FileManager.default.createDirectory(
        atPath: path + "/income-folder.csv", withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(
        atPath: path + "/income-link.csv", withDestinationPath: "calendar.csv")
      let names = ["income-folder.csv", "income-link.csv", "income-pipe.csv"]
      #expect(
        throws: PolicyFilesError.mistakes(
          names.map { PolicyMistake($0, "is no regular file") })
      ) { try PolicyBook(directory: path) }
    }
  }
}
