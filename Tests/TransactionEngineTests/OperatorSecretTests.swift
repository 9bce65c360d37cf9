import SimulatedStorage
import Support
import Testing
import TransactionModel
import WireFormat

@testable import TransactionEngine

/// How an operator proves who he or she is (SPECIFICATION.md, 10.4 and 10.5).
@Suite("Operators' secrets")
struct OperatorSecretTests {
  static let wrong = Scene.signOn(with: "wrong-secret")
  static let day: UInt64 = 24 * 3_600_000
  static let person = Speaker.clinic.operatorID

  private func makeLine() throws -> Line { try SessionTests.line(signingOn: []) }

  @Test("five wrong ones in a row lock the operator, each on record; what follows leaves none")
  func locks() throws {
    var line = try makeLine()
    for _ in 0..<5 {
      let count = line.engine.records.count
      let refused = try line.send(Self.wrong)
      #expect(refused.code == .operatorSecretWrong)
      #expect(refused.reply.refusedField == SignOnRequestLayout.operatorSecret.number)
      #expect(refused.position == .zero)
      let record = try #require(line.engine.records.last)
      #expect(line.engine.records.count == count + 1)
      #expect(refused.waitPosition == record.position)
      let transaction = try #require(TransactionRecord(body: record.body))
      #expect(transaction.code == .operatorSecretWrong && transaction.digest == 0)
      #expect(transaction.frameByteCount == 0, "a refusal is not stored")
    }
    let count = line.engine.records.count
    for body in [Self.wrong, Scene.signOn, Self.wrong, Scene.signOn] {
      let refused = try line.send(body)
      #expect(refused.code == .operatorLocked && refused.isSecurityEvent)
      #expect(refused.waitPosition.rawValue == UInt64(count))
    }
    #expect(line.engine.records.count == count)
  }

  @Test("how many were wrong is known after a restart", arguments: 0...5)
  func restart(count: Int) throws {
    var line = try makeLine()
    for _ in 0..<count { try line.send(Self.wrong) }
    line.engine = try line.engine.replayed()
    for _ in count..<5 { #expect(try line.send(Self.wrong).code == .operatorSecretWrong) }
    #expect(try line.send(Scene.signOn).code == .operatorLocked)
  }

  @Test(
    "a right one, an unlock and a new one from the office begin the count anew", arguments: 0..<3)
  func reset(way: Int) throws {
    var line = try makeLine()
    for _ in 0..<(way == 0 ? 4 : 5) { try line.send(Self.wrong) }
    var right = Scene.signOn
    switch way {
    case 0: #expect(try line.send(right).code == .approved)
    case 1:
      #expect(
        line.engine.engine.register(.operatorUnlock(Self.person), by: Fixture.author, at: line.time)
          != nil)
    default:
      let text = try issue(&line)
      right = Scene.signOn(with: text, replacingBy: "chosen by me")
    }
    for engine in [line.engine, try line.engine.replayed()] {
      line.engine = engine
      for _ in 0..<4 { #expect(try line.send(Self.wrong).code == .operatorSecretWrong) }
      #expect(try line.send(right).code == .approved)
    }
  }

  @Test("an operator who has none can be unlocked, which says nothing and is replayed")
  func unlockedWithoutOne() throws {
    var line = try makeLine()
    let speaker = Speaker(terminal: 1001, operatorID: 20_000)
    let entry = Operator(id: speaker.operatorID, site: Fixture.clinic, state: .active)
    for change in [RegisterChange.operator(entry), .operatorUnlock(speaker.operatorID)] {
      #expect(line.engine.engine.register(change, by: Fixture.author, at: line.time) != nil)
    }
    for engine in [line.engine, try line.engine.replayed()] {
      line.engine = engine
      #expect(try line.send(Self.wrong, from: speaker).code == .operatorSecretWrong)
    }
    // Whoever tried secrets that there are not is let try again.
    for _ in 0..<4 { try line.send(Self.wrong, from: speaker) }
    #expect(try line.send(Self.wrong, from: speaker).code == .operatorLocked)
    let unlock = RegisterChange.operatorUnlock(speaker.operatorID)
    #expect(line.engine.engine.register(unlock, by: Fixture.author, at: line.time) != nil)
    #expect(try line.send(Self.wrong, from: speaker).code == .operatorSecretWrong)
  }

  @Test("an operator without one is answered and counted like any other")
  func none() throws {
    var line = try makeLine()
    let speaker = Speaker(terminal: 1001, operatorID: 20_000)
    let entry = Operator(id: speaker.operatorID, site: Fixture.clinic, state: .active)
    #expect(
      line.engine.engine.register(.operator(entry), by: Fixture.author, at: line.time) != nil)
    let bodies = [Scene.signOn, Scene.signOn(with: .none), Self.wrong, Self.wrong, Self.wrong]
    for body in bodies {
      #expect(try line.send(body, from: speaker).code == .operatorSecretWrong)
    }
    #expect(try line.send(Scene.signOn, from: speaker).code == .operatorLocked)
  }

  @Test("one wrong byte anywhere is wrong", arguments: 0..<16)
  func oneByte(index: Int) throws {
    var line = try makeLine()
    var secret = Fixture.secret
    secret.bytes[index] ^= 1
    #expect(try line.send(Scene.signOn(with: secret)).code == .operatorSecretWrong)
    #expect(try line.send(Scene.signOn).code == .approved)
  }

  @Test("a new one takes the place of the old one, in the same batch as the sign-on")
  func replaced() throws {
    var line = try makeLine()
    let signOn = try line.send(
      Scene.signOn(with: Fixture.secret, replacingBy: Fixture.secret("chosen by me")))
    #expect(signOn.code == .approved)
    let records = line.engine.records.suffix(2)
    #expect(records.map(\.kind) == [RecordKind.operatorSecret, .transaction].map(\.rawValue))
    #expect(records.last?.position == signOn.position)
    let entry = try #require(
      records.first.flatMap { RegisterEntry(.operatorSecret, body: $0.body) })
    #expect(entry.author.isOperatorItself && entry.author.role == .enrollingClinic)
    for engine in [line.engine, try line.engine.replayed()] {
      line.engine = engine
      #expect(try line.send(Scene.signOn).code == .operatorSecretWrong)
      #expect(try line.send(Scene.signOn(with: "chosen by me")).code == .approved)
    }
  }

  @Test("a new one must be well-formed and another", arguments: UnfitSecret.all.indices)
  func unfit(index: Int) throws {
    var line = try makeLine()
    let count = line.engine.records.count
    let refused = try line.send(
      Scene.signOn(with: Fixture.secret, replacingBy: UnfitSecret.all[index]))
    #expect(refused.code == .newSecretNeeded)
    #expect(refused.reply.refusedField == SignOnRequestLayout.newSecret.number)
    #expect(line.engine.records.count == count)
    #expect(
      try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    #expect(try line.send(Scene.signOn).code == .approved)
  }

  @Test("one from the office is good for a day and one use, with a new one")
  func issued() throws {
    for (milliseconds, isIn) in [(Self.day, true), (Self.day + 1, false)] {
      var line = try makeLine()
      let text = try issue(&line)
      line.engine = try line.engine.replayed()
      line.advance(milliseconds: milliseconds)
      let signOn = try line.send(Scene.signOn(with: text, replacingBy: "chosen by me"))
      #expect(signOn.code == (isIn ? .approved : .operatorSecretWrong))
      #expect(
        try line.send(Scene.signOn(with: text, replacingBy: "another again")).code
          == .operatorSecretWrong)
      let chosen = try line.send(Scene.signOn(with: "chosen by me")).code
      #expect(chosen == (isIn ? .approved : .operatorSecretWrong))
    }
  }

  @Test("one from the office opens nothing by itself, nor for itself")
  func issuedAlone() throws {
    var line = try makeLine()
    try line.send(Scene.signOn)
    let text = try issue(&line)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    let count = line.engine.records.count
    for body in [Scene.signOn(with: text), Scene.signOn(with: text, replacingBy: text)] {
      for _ in 0..<5 { #expect(try line.send(body).code == .newSecretNeeded) }
    }
    #expect(line.engine.records.count == count)
    #expect(try line.send(Scene.inquire(Fixture.card(0))).code == .operatorNotSignedOn)
    #expect(try line.send(Scene.signOn).code == .operatorSecretWrong, "the one before is gone")
    #expect(
      try line.send(Scene.signOn(with: text, replacingBy: "chosen by me")).code == .approved)
  }

  @Test("only help desk and office issue one, and only to operators who may work")
  func mayIssue() throws {
    let line = try makeLine()
    for role in Role.allCases {
      let author = Author(userIdentifier: 7, role: role)
      let mayIssue = role == .helpDesk || role == .office
      #expect(
        mayIssue
          == ((try? line.engine.engine.issueSecret(
            for: Self.person, by: author, at: line.time)) != nil))
    }
    for person in [Speaker.unknownOperator, .retiredOperator, .suspendedOperator] {
      #expect(throws: SecretIssueError.operatorNotActive(person.operatorID)) {
        try line.engine.engine.issueSecret(
          for: person.operatorID, by: Fixture.author, at: line.time)
      }
    }
  }

  @Test("those that the office issues are twelve characters that nobody mistakes")
  func texts() {
    var texts: Set<String> = []
    for number in [0, 1, UInt128(UInt64.max), .max] { texts.insert(OneUseSecret.text(of: number)) }
    for _ in 0..<100 { texts.insert(OneUseSecret.make().text) }
    #expect(texts.count == 104)
    for text in texts {
      #expect(text.utf8.count == 12 && Secret(text) != nil)
      #expect(text.allSatisfy { !"01OIL".contains($0) && ($0.isNumber || $0.isUppercase) })
    }
  }

  @Test("none is in the log, as it was typed or by a digest that needs no key")
  func notInLog() throws {
    var line = try makeLine()
    let chosen = Fixture.secret("chosen by me")
    try line.send(Self.wrong)
    try line.send(Scene.signOn(with: Fixture.secret, replacingBy: chosen))
    let text = try issue(&line)
    try line.send(Scene.signOn(with: text, replacingBy: "another again"))
    let bytes = line.engine.records.flatMap(\.body)
    for word in ["wrong-secret", "fixture-secret", "chosen by me", text, "another again"] {
      #expect(!bytes.contains(Array(word.utf8)), "\(word.prefix(2))...")
    }
    #expect(
      Fixture.digest(of: chosen, for: Self.person)
        != Fixture.digest(of: chosen, for: Speaker.secondOperator.operatorID))
    var other = try SecretDigester(confirmationKey: [UInt8](repeating: 0x43, count: 32))
    #expect(
      other.digest(of: chosen, for: Self.person) != Fixture.digest(of: chosen, for: Self.person))
  }

  private func issue(_ line: inout Line) throws -> String {
    try line.engine.engine.issueSecret(for: Self.person, by: Fixture.author, at: line.time).secret
  }
}

/// Secrets that may not take the place of the fixture's.
private enum UnfitSecret {
  static let all: [Secret] = [
    Fixture.secret, raw("short 7"), raw("seventeen charac\u{1}"), raw("tab\there at 9"),
    raw("long enough\u{7F}"), raw("gap\u{0}in it, ok"), raw("after\u{0}\u{0}it"),
  ]

  private static func raw(_ text: String) -> Secret {
    var secret = Secret.none
    for (index, byte) in text.utf8.prefix(16).enumerated() { secret.bytes[index] = byte }
    if text.utf8.count > 16 { secret.bytes[15] = 1 }
    return secret
  }
}

extension [UInt8] {
  fileprivate func contains(_ part: [UInt8]) -> Bool {
    indices.dropLast(part.count - 1).contains { self[$0..<$0 + part.count].elementsEqual(part) }
  }
}
