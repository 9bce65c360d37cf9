import Foundation
import Installation
import LoadTest

/// How far a test is, on standard error: one line that changes on a terminal, plain lines elsewhere.
struct ProgressLine {
  private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
  private var hasLine = false

  /// Between two updates.
  var seconds: Double { isTerminal ? 0.25 : 1 }

  mutating func show(_ progress: LoadRun.Progress) {
    let rate = Double(progress.recent.count) / max(progress.recentSeconds, 1e-9)
    var text =
      "\(progress.phase): \(Int(rate.rounded())) answers/s, p50 \(percentile(50, progress)) ms, "
      + "p99 \(percentile(99, progress)) ms, \(progress.openConnections) connections"
    if progress.elapsedSeconds > 0 {
      text += ", \(Int(progress.elapsedSeconds)) of \(Int(progress.totalSeconds.rounded(.up))) s"
    }
    if progress.wrongCount > 0 { text += ", \(progress.wrongCount) WRONG" }
    StandardStreams.writeError(isTerminal ? "\r\u{1B}[K\(text)" : text + "\n")
    hasLine = isTerminal
  }

  /// Takes the changing line away.
  mutating func end() {
    if hasLine { StandardStreams.writeError("\r\u{1B}[K") }
    hasLine = false
  }

  private func percentile(_ percentile: Double, _ progress: LoadRun.Progress) -> String {
    let nanoseconds = progress.recent.nanoseconds(atPercentile: percentile)
    return String((Double(nanoseconds) / 1e4).rounded() / 100)
  }
}
