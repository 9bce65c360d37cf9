import ArgumentParser
import Foundation
import LinuxSystem
import TransactionModel
import WriteAheadLog

/// Measures what the engine costs a transaction, from received frame to encoded reply, and apart
/// from it what sealing and writing a batch of the log costs.
///
/// For counts of instructions, which no other program on the machine changes:
///
///     valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*answerAll*' \
///       posd-benchmark engine --cards 2000 --count 2000 --only inquiry
struct EngineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "engine", abstract: "Measure deciding requests, without sockets and TLS.")

  enum Part: String, CaseIterable, ExpressibleByArgument {
    case inquiry
    case activation
    case update

    /// A batch of requests, and what is to be answered to each.
    func requests(_ count: Int, _ traffic: inout EngineTraffic) -> ([UInt8], ResponseCode) {
      switch self {
      case .inquiry: (traffic.inquiries(count), .eligible)
      case .activation: (traffic.activations(count), .activated)
      case .update: (traffic.updates(count), .updated)
      }
    }
  }

  @Option(help: "How many transactions of each kind.") var count = 200_000
  @Option(help: "How many cards have records before.") var cards: UInt64 = 200_000
  @Option(help: "How many terminals take turns.") var terminals: UInt64 = 64
  @Option(help: "How many requests make up a batch of the log.") var batch = 64
  @Option(help: "For the order of the cards.") var seed: UInt64 = 1
  @Option(help: "Only one kind.") var only: Part?
  @OptionGroup var output: ResultOptions

  func validate() throws {
    guard count > 0, cards > 0, terminals > 0, (1...1_000).contains(batch) else {
      throw ValidationError("--count, --cards and --terminals are at least 1, --batch 1 to 1000")
    }
  }

  func run() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "posd-benchmark-\(ProcessInfo.processInfo.processIdentifier)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let room = try EngineRoom(
      logDirectory: folder.path, terminalCount: terminals,
      cardCount: cards + 2 * UInt64(count + batch))
    var traffic = EngineTraffic(cardCount: cards, terminalCount: terminals, seed: seed)
    while traffic.activatedCount < cards {
      try room.prepare(traffic.activations(batch), at: traffic.time, expecting: .activated)
    }
    for part in Part.allCases where only == nil || only == part {
      var time = EngineTime()
      while time.transactionCount < count {
        let (requests, code) = part.requests(batch, &traffic)
        try room.exchange(requests, at: traffic.time, expecting: code, &time)
      }
      print("\(part.rawValue): \(time.text)")
      let allocations = Double(time.allocationCount) / Double(time.transactionCount)
      switch part {
      case .inquiry: try output.note(.inquiryAllocations, allocations)
      case .update:
        let digest = EngineRoom.allocationsPerDigest()
        print("  of an update's allocations \(digest) are of OpenSSL's digest")
        try output.note(.updateAllocations, allocations - digest)
      // A new card's record is room that the index has to make.
      case .activation: break
      }
    }
  }
}

/// What some transactions have cost.
struct EngineTime {
  var transactionCount = 0
  var decisionNanoseconds: UInt64 = 0
  /// Of deciding; many times the others' where all have waited for something, such as memory.
  var longestBatchNanoseconds: UInt64 = 0
  var logNanoseconds: UInt64 = 0
  /// Of deciding, on its thread.
  var allocationCount: UInt64 = 0

  var text: String {
    String(
      format: "%.1f ns to decide, %.1f ns to seal and write (%d times), %llu allocations, "
        + "longest batch decided in %.1f us",
      Double(decisionNanoseconds) / Double(transactionCount),
      Double(logNanoseconds) / Double(transactionCount), transactionCount, allocationCount,
      Double(longestBatchNanoseconds) / 1_000)
  }
}
