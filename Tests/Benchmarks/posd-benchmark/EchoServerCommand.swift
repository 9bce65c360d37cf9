import ArgumentParser
import LinuxSystem

/// Runs the floor: a server that does nothing but receive and send.
struct EchoServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "echo-server",
    abstract: "Answer every request of one size with bytes of another, over plain TCP.")

  @Option var host = "127.0.0.1"
  @Option var port: UInt16
  @Option(help: "Size of a request.") var requestBytes = 72
  @Option(help: "Size of a reply.") var replyBytes = 400

  func validate() throws {
    guard requestBytes > 0, (1...65_536).contains(replyBytes) else {
      throw ValidationError("a size is out of its range")
    }
  }

  func run() throws {
    var server = try EchoServer(
      host: host, port: port, requestByteCount: requestBytes, replyByteCount: replyBytes)
    try server.serve()
  }
}
