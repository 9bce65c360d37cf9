import Foundation
import ProgramSupport
import Testing
import TransactionModel

/// The specification's examples, sent as a stranger would: with the openssl command.
@Suite("The specification's worked examples", .showsDaemons)
struct WorkedExampleTests {
  static let openssl = Program.tool("openssl")

  @Test(
    "get the bytes that are promised, and again when they are sent again",
    .enabled(if: openssl != nil, "the openssl command is not installed"))
  func promisedBytes() throws {
    let openssl = try #require(Self.openssl)
    let specification = try Specification()
    #expect(specification.examples.count == 5)
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    try Self.copyCredentials(installation)
    let arguments = try Self.arguments(specification.command, daemon)
    var firstReplies: [[UInt8]] = []
    for round in 1...2 {
      for (index, example) in specification.examples.enumerated() {
        let name = "\(example.request.name), round \(round)"
        let reply = try Self.send(
          example.request.bytes.map { try #require($0) }, expecting: example.reply.bytes.count,
          openssl, arguments, directory: installation.folder.path)
        if round == 1 {
          #expect(example.reply.matches(reply), "\(name): \(Self.hexadecimal(reply))")
          firstReplies.append(reply)
        } else if example.request.name == "activate request" {
          #expect(reply == adding(.storedReply, to: firstReplies[index]), "\(name)")
        } else {
          #expect(example.reply.matches(reply), "\(name): \(Self.hexadecimal(reply))")
        }
      }
    }
    #expect(try daemon.stop() == 0)
  }

  @Test(
    "get the promised bytes by the command line as it stands",
    .enabled(
      if: openssl != nil && Program.tool("xxd") != nil && Program.tool("bash") != nil,
      "openssl, xxd or bash is not installed"))
  func commandLine() throws {
    let specification = try Specification()
    let refusal = try #require(specification.examples.first)
    let installation = try TestInstallation()
    let daemon = try Daemon(installation)
    try Self.copyCredentials(installation)
    try installation.folder.write(Array(refusal.request.text.utf8), to: "request.hex")
    let command = specification.command.replacing("HOST:PORT", with: "127.0.0.1:\(daemon.port)")
    let ended = try #require(Program.tool("bash")).run(
      ["-c", command], directory: installation.folder.path)
    // xxd prints the place, sixteen bytes in hexadecimal, and the same as text.
    let digits = ended.output.split(separator: "\n").flatMap { line in
      line.split(separator: " ", omittingEmptySubsequences: true).dropFirst().prefix(16)
    }
    #expect(digits.joined(separator: " ") == Self.words(refusal.reply.text), "\(ended.errors)")
  }

  /// Puts the files in place under the names that the command line uses.
  private static func copyCredentials(_ installation: TestInstallation) throws {
    let own = "terminals/1001"
    for (source, target) in [
      ("\(own)/authority.pem", "authority.pem"), ("\(own)/terminal.pem", "terminal-1001.pem"),
      ("\(own)/terminal.key", "terminal-1001.key"),
    ] {
      try FileManager.default.copyItem(
        atPath: installation.path(source), toPath: installation.folder.path(target))
    }
  }

  /// What the command line gives to openssl.
  private static func arguments(_ command: String, _ daemon: Daemon) throws -> [String] {
    let part = try #require(command.split(separator: "openssl ").last?.split(separator: "|").first)
    return part.split(whereSeparator: \.isWhitespace).map {
      $0 == "HOST:PORT" ? "127.0.0.1:\(daemon.port)" : String($0)
    }
  }

  /// Sends bytes with the command, and reads until so many have come.
  private static func send(
    _ request: [UInt8], expecting byteCount: Int, _ openssl: Program, _ arguments: [String],
    directory: String
  ) throws -> [UInt8] {
    // The request is in the pipe before there is anyone to read it, and the pipe has no end until
    // the reply is here.
    let input = Pipe()
    try input.fileHandleForWriting.write(contentsOf: request)
    let child = try ChildProcess(
      openssl, arguments, directory: directory, input: input, output: .pipe)
    var reply: [UInt8] = []
    while reply.count < byteCount {
      let read = try child.readOutput(within: 30)
      guard !read.isEmpty else { break }
      reply += read
    }
    try input.fileHandleForWriting.close()
    child.send(SIGTERM)
    _ = try child.waitForExit(within: 30)
    return reply
  }

  private static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
  }
}
