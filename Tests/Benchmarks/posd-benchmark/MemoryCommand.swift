import ArgumentParser
import EligibilityIndex
import Foundation
import LinuxSystem
import TransactionModel

/// Measures the memory of the index alone: records, table, secondary keys.
struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Measure what a card takes in the index.")

  /// Social security number, name and birth date, mother's first name.
  private static let keysPerCard: UInt64 = 3

  @Option(help: "How many cards.") var cards: UInt64 = 1_000_000
  @OptionGroup var output: ResultOptions

  func validate() throws {
    guard cards > 0 else { throw ValidationError("--cards is at least 1") }
  }

  func run() throws {
    let before = try ResidentMemory.byteCount(of: CurrentProcess.identifier)
    var index = EligibilityIndex(expectedCount: 0, hashSeed: 7)
    fill(&index)
    let after = try ResidentMemory.byteCount(of: CurrentProcess.identifier)
    let recordByteCount = Double(MemoryLayout<EligibilityRecord>.stride)
    let perCard = Double(after - before) / Double(index.count)
    print(
      String(
        format: "index: %.0f bytes for each of \(index.count) cards with \(Self.keysPerCard) "
          + "secondary keys, %.2f times the record of %.0f bytes",
        perCard, perCard / recordByteCount, recordByteCount))
    try output.note(.recordByteCount, recordByteCount)
    try output.note(.indexMemory, perCard / recordByteCount)
  }

  /// From nothing, as an index grows whose cards nobody has counted beforehand.
  private func fill(_ index: inout EligibilityIndex) {
    var cards = CardSequence.ascending(from: 0, count: cards)
    while let card = cards.next() {
      var record = EligibilityRecord(card: card)
      record.version = 1
      record.client = SampleClient.form
      let slot = index.write(record)
      for key in 0..<Self.keysPerCard {
        var hasher = index.keyHasher
        hasher.combine(key)
        hasher.combine(card.high)
        hasher.combine(card.low)
        index.addKey(hasher.finish(), for: slot)
      }
    }
  }
}
