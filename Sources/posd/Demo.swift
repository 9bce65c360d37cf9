import ArgumentParser
import Foundation
import Installation
import LinuxSystem

/// `posd demo`: a clinic's morning on a throw-away installation.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Play a clinic's morning on a throw-away test installation.",
    discussion: """
      The requests go through the real client over TLS to a posd of its own, which is killed \
      half-way and started again. What a terminal prints is shown for each.

      Ends with status 0 when every step gave what it should, 1 when one did not, 2 when the demo \
      could not run.
      """)

  @Flag(help: "End after the last step; else serve on until interrupted.") var exit = false

  func run() throws {
    // Before the first thread starts: an interrupt is then noticed between two steps.
    let signals = try SignalDescriptor([.interrupt, .terminate])
    let installation = try DemoInstallation()
    defer { installation.remove() }
    var morning = try DemoMorning(installation)
    defer { morning.stop() }
    for step in DemoStep.morning {
      guard signals.next() == nil else { throw ExitCode(2) }
      try morning.play(step)
    }
    StandardStreams.write(morning.summary)
    if !exit {
      StandardStreams.write(morning.invitation)
      var poller = try ReadinessPoller()
      try poller.add(signals.rawValue, token: 0, interest: .readable)
      while signals.next() == nil { _ = poller.wait(timeoutMilliseconds: -1) }
    }
    if !morning.isAsExpected { throw ExitCode(1) }
  }
}
