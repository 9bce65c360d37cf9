import Cryptography
import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

@Suite("Looking up what happened", .showsDaemons)
struct FindTests {
  private static let serial: UInt64 = 1_000_000_000_001

  /// A confirmation number and the position that it is of.
  private struct Told {
    let number: String
    let position: UInt64

    init(_ bytes: [UInt8]) throws {
      _ = try decode(bytes)
      number = String(decoding: bytes[OutcomeLayout.confirmation.range], as: UTF8.self)
      position = bytes[HeaderLayout.logPosition.range].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  private func find(_ posctl: Posctl, _ arguments: String...) throws -> [[String: Any]] {
    let ended = try Program.posctl.run(
      ["find"] + arguments + ["--json", "--config", posctl.installation.configurationFile])
    guard ended.status == 0 else { throw ChildFailure("\(arguments): \(ended.errors)") }
    let value = try JSONSerialization.jsonObject(with: Data(ended.output.utf8))
    return value as? [[String: Any]] ?? [value as? [String: Any] ?? [:]]
  }

  @Test("finds transactions by number, card and terminal, also after a kill")
  func found() throws {
    let installation = try TestInstallation()
    let posctl = Posctl(installation: installation)
    var daemon = try Daemon(installation)
    var requests = Requests(after: 100)
    let told: [Told]
    do {
      let connection = try WireConnection(port: daemon.port, installation.context())
      try connection.signOn()
      let activate = requests.next(activation(card(Self.serial)))
      let traceNumber = SystemTraceAuditNumber(rawValue: requests.traceNumber)
      let time = Instant(milliseconds: TestInstallation.clockStartMilliseconds + 101)
      told = try [
        activate, requests.next(activation(card(Self.serial + 1)), flags: .training),
        requests.next(.reverse(traceNumber: traceNumber, type: .activate, reason: 1, time: time)),
        requests.next(
          .inquiry(card: card(Self.serial), dateOfService: today, purpose: .verify),
          flags: .storedAndForward),
      ].map { try Told(connection.exchange($0)) }
    }
    #expect(told.map(\.number.first) == ["R", "T", "R", "R"])
    for isRestarted in [false, true] {
      if isRestarted {
        try daemon.kill()
        daemon = try Daemon(installation)
      }
      let byNumber = try told.map { try find(posctl, "--confirmation", $0.number) }
      for (told, found) in zip(told, byNumber) {
        #expect(found.first?["position"] as? UInt64 == told.position)
        #expect(found.first?["confirmation"] as? String == told.number)
      }
      #expect(byNumber[0].first?["reversed_by"] as? UInt64 == told[2].position)
      #expect(byNumber[1].first?["training"] as? Bool == true)
      #expect(byNumber[2].first?["mnemonic"] as? String == "REVERSED")
      #expect(byNumber[3].first?["forwarded"] as? Bool == true)
      let byTerminal = try find(posctl, "--terminal", "1001")
      let numbers = byTerminal.compactMap { $0["confirmation"] as? String }
      #expect(numbers == told.reversed().map(\.number))
      #expect(byTerminal.last?["message"] as? String == "signOn")
      let byCard = try find(posctl, "--card", card(Self.serial).revealed, "--limit", "2")
      let positions = byCard.compactMap { $0["position"] as? UInt64 }
      #expect(positions == [told[3].position, told[2].position])
      let since = try find(
        posctl, "--terminal", "1001", "--since", "2026-11-03T00:00:00Z")
      #expect(since.isEmpty)
    }
    let text = try posctl.run("find", "--confirmation", told[0].number.lowercased())
    #expect(text.status == 0 && text.output.contains("ACTIVATED"), "\(text.errors)")
    #expect(!text.output.contains("Okafor") && !text.output.contains("OKAFOR"))
    #expect(try posctl.run("find", "--terminal", "1001").output.contains(told[1].number))
    try refused(told[0].number, posctl)
    #expect(try daemon.stop() == 0)
    try proven(told.map(\.number), installation)
  }

  /// Numbers that no transaction was given.
  private func refused(_ number: String, _ posctl: Posctl) throws {
    let wrong = number.dropLast() + (number.last == "0" ? "1" : "0")
    let mistyped = try posctl.run("find", "--confirmation", String(wrong))
    #expect(mistyped.status == 2 && mistyped.errors.contains("check character"))
    #expect(try posctl.run("find", "--confirmation", number, "--terminal", "1001").status == 2)
    let key = try Data(contentsOf: URL(filePath: posctl.installation.path("data/confirmation.key")))
    var permutation = try KeyedPermutation(key: Array(key))
    // Records that are no transactions, and one that is not there.
    let others = [UInt64(1), 2, 3, 1_000_000].map {
      ConfirmationNumber(kind: .real, permuted: permutation.image(of: $0)).description
    }
    for never in try neverGiven(number) + others {
      let ended = try posctl.run("find", "--confirmation", never)
      #expect(ended.status == 1 && ended.errors.contains("no transaction"), "\(ended.errors)")
      #expect(ended.output.isEmpty)
    }
  }

  /// The same position under the other kind, and a neighbour's image, both with their check.
  private func neverGiven(_ number: String) throws -> [String] {
    let given = try #require(ConfirmationNumber(number))
    return [
      ConfirmationNumber(kind: .training, permuted: given.permuted),
      ConfirmationNumber(kind: .real, permuted: given.permuted ^ 1),
    ].map(\.description)
  }

  /// What `posctl log prove` says of numbers that were given, and of others.
  private func proven(_ numbers: [String], _ installation: TestInstallation) throws {
    let log = installation.dataFolder + "/log"
    let key = ["--confirmation-key", installation.dataFolder + "/confirmation.key"]
    let keys = ["--keys", installation.path("log.key")]
    func prove(_ number: String, _ rest: [String], _ status: Int32) throws -> String {
      let ended = try Program.posctl.run(["log", "prove", log, "--confirmation", number] + rest)
      #expect(ended.status == status, "\(number) \(rest): \(ended.output)\(ended.errors)")
      return ended.output + ended.errors
    }
    let head = try Program.posctl.run(["log", "head", log]).output
    for number in numbers {
      #expect(try prove(number, key, 0).contains("give --keys"))
      #expect(try prove(number, key + keys, 0).contains("was given this number"))
      #expect(try prove(number, key + ["--head", head], 0).contains("confirmed"))
    }
    // A head from before what the number was given for.
    let first = try prove(numbers[0], key, 0).split(separator: "\n")
    let older = try #require(first.first { $0.hasPrefix("that batch ends in") })
    let covering = ["--head", String(older.dropFirst("that batch ends in".count))]
    #expect(try prove(numbers[0], key + covering, 0).contains("confirmed"))
    #expect(try prove(numbers[3], key + covering, 2).contains("the head is older"))
    let never = try neverGiven(numbers[0])
    #expect(try prove(never[0], key + keys, 1).contains("REFUTED"))
    #expect(try prove(never[1], key, 1).contains("REFUTED"))
    let wrong = numbers[0].dropLast() + (numbers[0].last == "0" ? "1" : "0")
    _ = try prove(String(wrong), key, 2)
    _ = try prove(numbers[0], [], 2)
    _ = try prove(numbers[0], ["--confirmation-key", installation.path("log.key")], 2)
  }

  @Test("terminals tell their gaps, and begin to count anew when the daemon does")
  func terminals() throws {
    let installation = try TestInstallation()
    let posctl = Posctl(installation: installation)
    func entry(_ terminal: Int) throws -> [String: Any] {
      try posctl.entry(["terminals", "--site", "1234567893"], terminal)
    }
    let daemon = try Daemon(installation)
    #expect(try entry(1_001)["last_seen"] == nil && entry(1_002)["requests"] as? Int == 0)
    let connection = try WireConnection(port: daemon.port, installation.context())
    // What is signed on with is the first number: 4,100,000,001.
    try connection.signOn()
    var requests = Requests(after: 4_100_000_001)
    _ = try connection.exchange(requests.next(.echo))
    let late = requests.next(activation(card(Self.serial)))
    _ = requests.next(.echo)
    let sent = requests.next(activation(card(Self.serial + 1)))
    _ = try connection.exchange(sent)
    _ = try connection.exchange(adding(.repeat, to: sent))
    var found = try entry(1_001)
    #expect(found["missing"] as? Int == 2 && found["gaps"] as? Int == 1, "\(found)")
    _ = try connection.exchange(late)
    found = try entry(1_001)
    #expect(found["missing"] as? Int == 1 && found["gaps"] as? Int == 1, "\(found)")
    #expect(found["changes"] as? Int == 2 && found["repeats"] as? Int == 1, "\(found)")
    #expect(found["stored_answers"] as? Int == 2 && found["certificate"] as? String == "own")
    #expect(found["newest_stan"] as? Int == 4_100_000_005)
    try daemon.kill()
    let again = try Daemon(installation)
    found = try entry(1_001)
    #expect(found["newest_stan"] as? Int == 4_100_000_005 && found["missing"] as? Int == 0)
    #expect(found["stored_answers"] as? Int == 2 && found["last_seen"] != nil, "\(found)")
    #expect(try posctl.run("terminals").output.contains("stored answers"))
    #expect(try posctl.entry(["terminals", "--site", "1500000009"], 1_001).isEmpty)
    #expect(try again.stop() == 0)
  }
}
