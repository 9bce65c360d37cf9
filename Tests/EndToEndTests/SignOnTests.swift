import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("Operators at the line", .showsDaemons)
struct SignOnTests {
  private let inquiry = RequestBody.inquiry(
    card: card(1_000_000_000_001), dateOfService: today, purpose: .information)

  @Test("a kill gives back no try at a secret, and takes no session away")
  func killed() throws {
    let installation = try TestInstallation()
    var daemon = try Daemon(installation)
    func ask(_ body: RequestBody, _ requests: inout Requests) throws -> ResponseCode {
      let connection = try WireConnection(port: daemon.port, installation.context())
      return try decode(connection.exchange(requests.next(body))).header.code
    }
    var worker = Requests(operatorID: 501)
    var hasty = Requests(operatorID: 502, after: 1_000)
    #expect(try ask(inquiry, &worker) == .operatorNotSignedOn)
    #expect(try ask(signOn("example-501"), &worker) == .approved)
    #expect(try ask(inquiry, &worker) == .neverActivated)
    for _ in 0..<5 {
      #expect(try ask(signOn("example-501"), &hasty) == .operatorSecretWrong)
      try daemon.kill()
      daemon = try Daemon(installation)
    }
    #expect(try ask(signOn("example-502"), &hasty) == .operatorLocked)
    #expect(try ask(inquiry, &worker) == .neverActivated)
    #expect(try ask(.signOff, &worker).responseClass == .approved)
    try daemon.kill()
    daemon = try Daemon(installation)
    #expect(try ask(inquiry, &worker) == .operatorNotSignedOn)
    #expect(try ask(signOn("example-502"), &hasty) == .operatorLocked)
    #expect(try daemon.stop() == 0)
  }

  @Test("an operator of a production installation begins with a secret for one use")
  func production() throws {
    let folder = try TemporaryFolder()
    let roster = try folder.write(Array(Self.roster.utf8), to: "roster.json")
    let made = try Program.posd.run([
      "init", folder.path("x"), "--environment", "production", "--roster", roster, "--host",
      "127.0.0.1",
    ])
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("operators") && made.output.contains("24 hours"))
    let issued = folder.path("x/operators/501.secret")
    let mode =
      try FileManager.default.attributesOfItem(atPath: issued)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let secret = try String(contentsOfFile: issued, encoding: .utf8).dropLast()
    #expect(secret.count == 12 && !made.output.contains(secret))
    let chosen = try folder.write(Array("chosen by me\n".utf8), to: "chosen")
    // Terminals cannot be told of a port that is any.
    let configuration = try String(contentsOfFile: folder.path("x/posd.json"), encoding: .utf8)
    try folder.write(Array(configuration.replacing("4461", with: "0").utf8), to: "x/posd.json")
    let daemon = try Daemon(configurationFile: folder.path("x/posd.json"))
    func signOn(_ files: String...) throws -> String {
      try Program.posterm.run(
        [
          "sign-on", "--config", folder.path("x/terminals/1001/posterm.json"), "--port",
          "\(daemon.port)", "--secret-file",
        ] + files
      ).output
    }
    #expect(try signOn(issued).contains("2014"))
    #expect(try signOn(issued, "--new-secret-file", issued).contains("2014"))
    #expect(try signOn(chosen).contains("2012"))
    #expect(try signOn(issued, "--new-secret-file", chosen).contains("3500"))
    #expect(try signOn(issued, "--new-secret-file", chosen).contains("2012"))
    #expect(try signOn(chosen).contains("3500"))
    #expect(try daemon.stop() == 0)
    for (name, content) in try contents(below: folder.path("x/data")) {
      for word in [String(secret), "chosen by me"] {
        #expect(content.range(of: Data(word.utf8)) == nil, "\(name) holds a secret")
      }
    }
    #expect(!daemon.child.errorText.contains(secret))
  }

  private func signOn(_ text: String) throws -> RequestBody {
    let secret = try #require(Secret(text))
    return .signOn(
      secret: secret, newSecret: .none, softwareVersion: "tests", highestVersion: 1)
  }

  private static let roster = """
    {"sites": [{"npi": 1234567893, "name": "Clinic", "role": "enrolling-clinic",
      "first_day": "2015-11-01", "gateway_certificate": false, "gateway_vouches": false,
      "terminals": [1001], "operators": [
        {"id": 501, "last_name": "Rivera", "first_name": "Ana", "birth_date": "1985-07-09"}],
      "cards": []}],
     "unshipped": [], "voided": []}
    """
}
