import ArgumentParser
import Installation
import LoadTest

/// `posload verify`: what was acknowledged, against the server as it is now.
struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Prove that no acknowledged change was lost, altered or doubled.",
    discussion: """
      Inquires every card that the journal says was changed, and sends the newest changes of each \
      terminal again: a server that still has them gives the stored answers. It leaves the records \
      as they are. Changes that were never answered may have been carried out or not.
      """)

  @Argument(help: "The journal of a posload run.") var journal: String
  @OptionGroup var target: TargetOptions
  @Flag(help: "Connect with the site's gateway certificate.") var gateway = false

  func run() throws {
    let verification = try JournalVerification(path: journal)
    guard !verification.terminals.isEmpty else {
      return StandardStreams.write("\(journal): no change was sent\n")
    }
    let target = try target.target(verification, usesGateway: gateway)
    let result = try verification.run(target)
    var lines = [
      "\(result.acknowledgedCount) acknowledged changes of \(result.cardCount) cards, "
        + "\(result.storedAnswerCount) stored answers asked for again"
        + (result.forgottenCount > 0 ? ", \(result.forgottenCount) forgotten since" : "")
    ]
    if result.unansweredCount > 0 {
      lines.append(
        "\(result.unansweredCount) changes were never answered: \(result.carriedOutCount) of them "
          + "have made a new version")
    }
    lines += result.violations.described.map { "wrong: \($0)" }
    lines.append(
      result.isRight
        ? "none is lost, altered or doubled" : "\(result.violations.count) answers are WRONG")
    StandardStreams.write(lines.joined(separator: "\n") + "\n")
    guard result.isRight else { throw ExitCode(Posload.wrongStatus) }
  }
}
