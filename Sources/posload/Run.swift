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
  @Option(help: "File for the result as JSON.") var json: String?
  @Option(help: "File for the result as a page with plots.") var report: String?
  @Option(help: "File for the percentiles of all latencies, in the form of HdrHistogram (.hgrm).")
  var percentiles: String?
  @Option(
    help: """
      Fail when a figure is passed, such as 'inquiry.p99>5ms', 'all.rate<900', 'update.max>1s',       'all.busy>0.1%'; may be given several times.
      """)
  var failIf: [String] = []

  func validate() throws {
    for text in failIf where Threshold(text) == nil {
      throw ValidationError("--fail-if '\(text)' is not of the form 'inquiry.p99>5ms'")
    }
  }

  func run() throws {
    let plan = try plan.loadPlan(cardCount: target.cardCount)
    let target = try target.target(
      terminalCount: plan.terminals, usesGateway: plan.usesGateway, firstCard: plan.firstCard)
    let interruption = try Interruption()
    var progress = ProgressLine()
    let test = try LoadRun(
      plan, target, journal: journal, progressSeconds: progress.seconds,
      onProgress: { progress.show($0) }, isStopped: { interruption.hasCome })
    LinuxSystem.Thread.runCurrentPromptly()
    let result = try test.run()
    progress.end()
    StandardStreams.write(SummaryTable(result).text)
    try write(ResultDocument(result).json.text, to: json)
    try write(HTMLReport(result).text, to: report)
    try write(result.total.latencies.percentileFile, to: percentiles)
    let failures = failIf.compactMap(Threshold.init).compactMap { $0.failure(of: result) }
    for failure in failures { StandardStreams.write("threshold passed: \(failure)\n") }
    guard result.isRight else { throw ExitCode(Posload.wrongStatus) }
    guard result.failure == nil else { throw ExitCode(Posload.failedStatus) }
    guard failures.isEmpty else { throw ExitCode(Posload.thresholdStatus) }
  }

  private func write(_ text: @autoclosure () -> String, to path: String?) throws {
    guard let path else { return }
    do {
      try text().write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw LoadError.fileUnusable(path: path, reason: "cannot be written")
    }
  }
}

/// Whether somebody has asked the test to end: SIGINT or SIGTERM.
///
/// The first ends it with a report, once all is answered; the second ends the process.
final class Interruption {
  private let signals: SignalDescriptor
  private var hasComeBefore = false

  init() throws { signals = try SignalDescriptor([.interrupt, .terminate]) }

  var hasCome: Bool {
    guard signals.next() != nil else { return hasComeBefore }
    if hasComeBefore { CurrentProcess.exitNow(status: Posload.failedStatus) }
    hasComeBefore = true
    return true
  }
}
