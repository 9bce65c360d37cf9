import ArgumentParser
import Installation
import LinuxSystem
import TerminalClient
import TransactionModel
import WireFormat

/// The exit status of each verdict.
enum Verdicts {
  static let failedStatus: Int32 = 2
  /// A change is kept: it was not answered, or is held until somebody does something.
  static let keptStatus: Int32 = 3

  static func status(_ verdict: Verdict) -> ExitCode {
    switch verdict {
    case .approved: ExitCode(0)
    case .declined: ExitCode(1)
    case .failed: ExitCode(failedStatus)
    }
  }
}

/// A terminal at work for one command.
struct Work {
  let options: TerminalOptions

  /// Opens the terminal, and ends with the status that `body` gives.
  func run(_ body: (inout ReliableTerminal) throws -> Int32) throws -> Never {
    let file = try options.profile()
    do {
      var terminal = try ReliableTerminal(file.profile)
      terminal.secret = try options.secret()
      if terminal.unreadableCount > 0 {
        StandardStreams.writeError(
          """
          posterm: \(terminal.unreadableCount) places of the pending changes are unreadable. What a \
          loss of power tore was never sent; what a fault of the disk damaged may have been: see \
          posterm last. posterm pending --discard-unreadable ends this warning.

          """)
      }
      let status = try body(&terminal)
      terminal.disconnect()
      throw ExitCode(status)
    } catch let error as TerminalError {
      if options.json {
        StandardStreams.write(ReplyDocument.json("\(error)", nil, isKept: false).line)
      }
      StandardStreams.writeError("posterm: \(error)\n")
      throw Verdicts.status(.failed)
    }
  }
}

/// One request and its answer, from the options to the exit status.
struct Transaction {
  let options: TerminalOptions
  var flags: FrameFlags = []

  /// Sends what `body` makes for today's date in California, and prints the answer.
  func run(_ body: (CalendarDate) throws -> RequestBody) throws -> Never {
    let site = try options.profile().site
    var requestOptions = options.requestOptions
    requestOptions.flags.formUnion(flags)
    try Work(options: options).run { [requestOptions] terminal in
      try terminal.readClock(patienceMilliseconds: options.patienceMilliseconds)
      let today = PacificTime.date(at: requestOptions.transactionTime ?? terminal.now)
      let earlier = Set(terminal.pending.map(\.traceNumber)).subtracting(
        [requestOptions.traceNumber].compactMap(\.self))
      var isShown = false
      let result = try terminal.perform(
        body(today), requestOptions, patienceMilliseconds: options.patienceMilliseconds
      ) { result in
        if earlier.contains(result.request.traceNumber) {
          StandardStreams.writeError("earlier: \(ResultLine(result: result).text)")
        } else {
          show(result, site)
          isShown = true
        }
      }
      if let refusal = terminal.signOnRefusal {
        StandardStreams.writeError(
          "posterm: sign-on: \(CodeTable.entry(for: refusal.header.code).textEnglish)\n")
      }
      guard let result, result.outcome != .unanswered else { return notAnswered(terminal) }
      if !isShown { show(result, site) }
      return ResultLine(result: result).status
    }
  }

  private func show(_ result: RequestResult, _ site: ReceiptSite?) {
    guard let reply = result.outcome.reply else {
      return StandardStreams.writeError(ResultLine(result: result).text)
    }
    if options.json {
      let document = ReplyDocument(result.request, reply, revealsCard: options.showCard)
      StandardStreams.write(document.json.line)
    } else {
      let receipt = Receipt(result.request, reply, site: site, revealsCard: options.showCard)
      StandardStreams.write(DisplayFrame(reply).text + receipt.text)
      if case .inquiry(let inquiry) = reply.message, let client = inquiry.client {
        StandardStreams.write("\n" + ClientListing(client).text)
      }
      StandardStreams.write("\n" + CodeTable.entry(for: reply.header.code).clerkAction + "\n")
    }
    switch result.outcome {
    case .held:
      StandardStreams.writeError(
        """
        posterm: the change is kept and not carried out yet. When the cause is removed: posterm \
        forward. To give it up: posterm cancel --pending-stan \(result.request.traceNumber.rawValue)

        """)
    case .unknown:
      StandardStreams.writeError("posterm: perhaps it was carried out: inquire\n")
    case .answered, .refused, .cancelled, .unanswered: break
    }
  }

  /// Says why there is no answer, and what happens to a change; gives the exit status.
  private func notAnswered(_ terminal: borrowing ReliableTerminal) -> Int32 {
    let error =
      terminal.failure.map { "\($0)" }
      ?? "an earlier change on this card is not answered yet: see posterm pending"
    let request = terminal.latest
    let isKept = terminal.pending.contains { $0.traceNumber == request?.traceNumber }
    if options.json {
      StandardStreams.write(ReplyDocument.json(error, request, isKept: isKept).line)
    }
    var text = "posterm: \(error)\n"
    if let request, isKept {
      text += """
        The change is kept, and sent again by every later command. To send it now: posterm \
        forward. To give it up: posterm cancel --pending-stan \(request.traceNumber.rawValue)

        """
    }
    StandardStreams.writeError(text)
    return isKept ? Verdicts.keptStatus : Verdicts.failedStatus
  }
}
