import ArgumentParser
import Foundation
import Installation
import LinuxSystem
import LoadTest

/// `posload run`: a load test.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Load an installation, check every answer, and report.",
    discussion: """
      The installation is one that posd init has made for tests, on this machine. The test \
      changes the records of its first cards. Ctrl-C ends it early, with a report.
      """)

  @OptionGroup var target: TargetOptions
  @OptionGroup var plan: PlanOptions
  @Option(help: "File to keep what was sent and acknowledged in, for posload verify.")
  var journal: String?

  func run() throws {
    let plan = try plan.loadPlan(cardCount: target.cardCount)
    let target = try target.target(
      terminalCount: plan.terminals, usesGateway: plan.usesGateway, firstCard: plan.firstCard)
    let interruption = try Interruption()
    var progress = ProgressLine()
    let test = try LoadRun(
      plan, target, journal: journal, progressSeconds: progress.seconds,
      onProgress: { progress.show($0) }, isStopped: { interruption.hasCome })
    let result = try test.run()
    progress.end()
    StandardStreams.write(SummaryTable(result).text)
    guard result.isRight else { throw ExitCode(Posload.wrongStatus) }
    guard result.failure == nil else { throw ExitCode(Posload.failedStatus) }
  }
}

/// Whether somebody has asked the test to end: SIGINT or SIGTERM.
final class Interruption {
  private let signals: SignalDescriptor

  init() throws { signals = try SignalDescriptor([.interrupt, .terminate]) }

  var hasCome: Bool { signals.next() != nil }
}
