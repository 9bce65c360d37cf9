import ArgumentParser
import EligibilityIndex
import Foundation
import LinuxSystem
import TransactionModel

/// Prints the memory of a server, or how much more it has for each card than before.
struct ResidentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resident", abstract: "Print a process's memory, in bytes.")

  @Option var process: Int32
  @Option(help: "What it had before it was given cards.") var since: UInt64?
  @Option(help: "How many it was given.") var cards: UInt64 = 1
  @OptionGroup var output: ResultOptions

  func run() throws {
    let byteCount = try ResidentMemory.byteCount(of: process)
    guard let since else { return print(byteCount) }
    let perCard = (Double(byteCount) - Double(since)) / Double(max(1, cards))
    let recordByteCount = Double(MemoryLayout<EligibilityRecord>.stride)
    print(
      String(
        format:
          "\(output.server ?? "posd"): %.0f bytes for each of \(cards) cards, %.2f times the record",
        perCard, perCard / recordByteCount))
    try output.note(.daemonMemory, perCard / recordByteCount)
  }
}
