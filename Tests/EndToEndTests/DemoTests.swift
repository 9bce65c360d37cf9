import Foundation
import ProgramSupport
import Testing

@Suite("The demo", .showsDaemons)
struct DemoTests {
  @Test("plays its morning with the receipts of each step, and leaves nothing behind")
  func demo() throws {
    let folder = try TemporaryFolder()
    let ended = try Program.posd.run(
      ["demo", "--exit"], environment: ["TMPDIR": folder.path], within: 120)
    #expect(ended.status == 0, "\(ended.errors)\(ended.output.suffix(2_000))")
    for part in [
      "ACTIVATION", "INQUIRY", "UPDATE", "DEACTIVATION", "ACTIVATED", "NO ELEGIBLE",
      "Copy of the first answer", "SIGKILL",
    ] {
      #expect(ended.output.contains(part), "no \(part)")
    }
    // A receipt names a card by its last four digits.
    #expect(!ended.output.contains("1000000000001"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
