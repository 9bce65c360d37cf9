import Foundation
import ProgramSupport
import Testing
import TransactionModel
import WireFormat

// One after the other: a terminal is used by one process at a time.
@Suite("posterm, whatever is lost,", .showsDaemons, .serialized)
struct PendingCommandTests {
  private let installation: TestInstallation
  private let daemon: Daemon
  private let profile: String

  /// A daemon and a terminal that both go by the machine's clock.
  init() throws {
    installation = try TestInstallation()
    try installation.configure("clock.start", nil)
    daemon = try Daemon(installation)
    profile = installation.path("terminals/1001/own-clock.json")
    let made = try String(
      contentsOfFile: installation.path("terminals/1001/posterm.json"), encoding: .utf8)
    try made.replacing("\"clock\" : \"server\"", with: "\"clock\" : \"own\"")
      .write(toFile: profile, atomically: true, encoding: .utf8)
    let secret = installation.path("operators/501.secret")
    #expect(try run("sign-on", ["--secret-file", secret]).status == 0)
  }

  @Test("keeps a change while no server is there, lists it masked, and forwards it once")
  func storeAndForward() throws {
    let card = Self.card(0)
    let kept = try run("activate", ["--card", card] + ProgramTests.form, port: 1, patience: 1)
    #expect(kept.status == 3, "\(kept.output)\(kept.errors)")
    #expect(kept.errors.contains("is kept"))
    let later = try run("deactivate", ["--card", card, "--reason", "number"], port: 1, patience: 1)
    #expect(later.status == 3)
    let list = try run("pending")
    #expect(list.status == 3)
    #expect(list.output.split(separator: "\n").count == 2)
    #expect(list.output.contains("activate **********0016"), "\(list.output)")
    for text in ["Quackenbush", card, "1998"] {
      #expect(!(list.output + kept.errors).contains(text), "it shows \(text)")
    }
    let forwarded = try run("forward")
    #expect(forwarded.status == 0, "\(forwarded.errors)")
    let lines = forwarded.output.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.first?.contains("ACTIVATED") == true, "\(forwarded.output)")
    #expect(lines.first?.contains("Confirmation R") == true, "\(forwarded.output)")
    #expect(lines.last?.contains("DEACTIVATED") == true, "\(forwarded.output)")
    #expect(try run("pending").status == 0)
    #expect(try version(of: card) == 2)
  }

  @Test("finishes after kill -9 what it had sent, before anything else on that card")
  func killed() throws {
    let card = Self.card(1)
    let whole = try traffic(of: "activate", Self.card(2))
    let proxy = try CuttingProxy(
      to: daemon.port,
      .swallowReplies(afterRequestBytes: whole.requestByteCount - 200))
    defer { proxy.stop() }
    let child = try ChildProcess(
      .posterm, arguments("activate", ["--card", card] + ProgramTests.form, port: proxy.port),
      output: .file)
    let deadline = Date(timeIntervalSinceNow: 60)
    while proxy.traffic.swallowedByteCount == 0, Date() < deadline { usleep(10_000) }
    #expect(proxy.traffic.swallowedByteCount > 0, "the change was never answered")
    child.send(SIGKILL)
    #expect(try child.waitForExit(within: 10) == -SIGKILL)
    let list = try run("pending")
    #expect(list.output.contains("maybe sent"), "\(list.output)")
    let inquiry = try run("inquiry", ["--card", card])
    #expect(inquiry.status == 0, "\(inquiry.output)\(inquiry.errors)")
    #expect(inquiry.errors.contains("earlier: "), "\(inquiry.errors)")
    #expect(inquiry.errors.contains("ACTIVATED"))
    #expect(try run("pending").status == 0)
    #expect(try version(of: card) == 1)
  }

  @Test("has one application and one answer wherever the line is cut, 16 places each way")
  func cuts() throws {
    let whole = try traffic(of: "activate", Self.card(3))
    for index in 0..<32 {
      let card = Self.card(4 + index)
      let isRequest = index < 16
      let total = isRequest ? whole.requestByteCount : whole.replyByteCount
      // From the front on in the first half, over the last bytes in the second.
      let place = index % 16
      let limit = place < 8 ? 1 + total * place / 8 : total - (15 - place) * 24 - 1
      let proxy = try CuttingProxy(
        to: daemon.port,
        isRequest ? .cutRequests(after: limit) : .cutReplies(after: limit))
      let ended = try run(
        "activate", ["--card", card, "--json"] + ProgramTests.form, port: proxy.port)
      proxy.stop()
      let object =
        try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any]
      #expect(ended.status == 0, "\(limit) of \(total): \(ended.output)\(ended.errors)")
      #expect(object?["code"] as? Int == 3_502, "\(limit) of \(total)")
      #expect(try version(of: card) == 1, "\(limit) of \(total)")
    }
    #expect(try run("pending").status == 0)
  }

  @Test("carries a change through, and ends with its status, when nobody reads what it says")
  func unread() throws {
    let child = try ChildProcess(
      .posterm,
      arguments("activate", ["--card", Self.card(44)] + ProgramTests.form, port: daemon.port),
      output: .pipe)
    try child.stopReading()
    #expect(try child.waitForExit(within: 60) == 0, "\(child.errorText)")
    #expect(try run("pending").status == 0)
    #expect(try version(of: Self.card(44)) == 1)
  }

  @Test("forgets a cancelled change that was never sent")
  func cancelUnsent() throws {
    let card = Self.card(40)
    let kept = try run(
      "activate", ["--card", card, "--json"] + ProgramTests.form, port: 1, patience: 1)
    let object =
      try JSONSerialization.jsonObject(with: Data(kept.output.utf8)) as? [String: Any]
    #expect(object?["kept"] as? Bool == true)
    let stan = try #require(object?["stan"] as? Int)
    let cancelled = try run("cancel", ["--pending-stan", "\(stan)"])
    #expect(cancelled.status == 0, "\(cancelled.output)\(cancelled.errors)")
    #expect(cancelled.output.contains("cancelled before it was sent"))
    #expect(try run("pending").status == 0)
    #expect(try run("inquiry", ["--card", card]).status == 1)
    #expect(try run("cancel", ["--pending-stan", "\(stan)"]).status == 2)
  }

  @Test("undoes a cancelled change that was carried out, and can make it anew")
  func cancelSent() throws {
    let card = Self.card(42)
    let whole = try traffic(of: "activate", Self.card(43))
    let proxy = try CuttingProxy(
      to: daemon.port, .swallowReplies(afterRequestBytes: whole.requestByteCount - 200))
    let kept = try run(
      "activate", ["--card", card, "--json"] + ProgramTests.form, port: proxy.port, patience: 3)
    proxy.stop()
    #expect(kept.status == 3, "\(kept.output)\(kept.errors)")
    #expect(proxy.traffic.swallowedByteCount > 0, "the change was never answered")
    let object =
      try JSONSerialization.jsonObject(with: Data(kept.output.utf8)) as? [String: Any]
    let stan = try #require(object?["stan"] as? Int)
    let cancelled = try run("cancel", ["--pending-stan", "\(stan)"])
    #expect(cancelled.status == 0, "\(cancelled.output)\(cancelled.errors)")
    #expect(cancelled.output.contains("cancelled: REVERSED"), "\(cancelled.output)")
    #expect(try run("pending").status == 0)
    #expect(try run("inquiry", ["--card", card]).output.contains("3002"))
    #expect(try run("activate", ["--card", card] + ProgramTests.form).status == 0)
  }

  @Test("keeps a change that is refused for want of a sign-on, and signs on with a secret")
  func signOn() throws {
    #expect(try run("sign-off").status == 0)
    let kept = try run("activate", ["--card", Self.card(44)] + ProgramTests.form)
    #expect(kept.status == 3, "\(kept.output)\(kept.errors)")
    #expect(kept.output.contains("PLEASE SIGN ON"), "\(kept.output)")
    #expect(kept.errors.contains("is kept"))
    #expect(try run("forward").status == 3)
    let secret = ["--secret-file", installation.path("operators/501.secret")]
    let forwarded = try run("forward", secret)
    #expect(forwarded.status == 0, "\(forwarded.output)\(forwarded.errors)")
    #expect(forwarded.output.contains("ACTIVATED"), "\(forwarded.output)")
    #expect(try run("sign-off").status == 0)
    let inquiry = try run("inquiry", ["--card", Self.card(44)] + secret)
    #expect(inquiry.status == 0, "\(inquiry.output)\(inquiry.errors)")
  }

  @Test("goes to the second server when the first is not there")
  func secondServer() throws {
    let second = ["--second-host", "127.0.0.1", "--second-port", "\(daemon.port)"]
    let ended = try run(
      "activate", ["--card", Self.card(41)] + ProgramTests.form + second, port: 1)
    #expect(ended.status == 0, "\(ended.errors)")
  }

  // MARK: Steps

  private static func card(_ index: Int) -> String {
    CardScheme.healthAccessNumber(serial: 1_000_000_000_001 + UInt64(index)).revealed
  }

  /// How many bytes a change takes, over a line that is whole.
  private func traffic(of command: String, _ card: String) throws -> CuttingProxy.Traffic {
    let proxy = try CuttingProxy(to: daemon.port, .none)
    defer { proxy.stop() }
    let ended = try run(command, ["--card", card] + ProgramTests.form, port: proxy.port)
    #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
    return proxy.traffic
  }

  private func version(of card: String) throws -> Int? {
    let ended = try run("inquiry", ["--card", card, "--json"])
    let object =
      try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) as? [String: Any]
    return object?["record_version"] as? Int
  }

  private func run(
    _ command: String, _ more: [String] = [], port: UInt16? = nil, patience: Int = 60
  ) throws -> (status: Int32, output: String, errors: String) {
    try Program.posterm.run(arguments(command, more, port: port, patience: patience))
  }

  private func arguments(
    _ command: String, _ more: [String], port: UInt16?, patience: Int = 60
  ) -> [String] {
    [
      command, "--config", profile, "--port", "\(port ?? daemon.port)", "--patience",
      "\(patience)", "--reconnect-within", "0",
    ] + more
  }
}
