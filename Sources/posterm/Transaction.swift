import ArgumentParser
import Installation
import LinuxSystem
import TerminalClient
import TransactionModel
import WireFormat

/// The exit status of each verdict.
enum Verdicts {
  static let failedStatus: Int32 = 2

  static func status(_ verdict: Verdict) -> ExitCode {
    switch verdict {
    case .approved: ExitCode(0)
    case .declined: ExitCode(1)
    case .failed: ExitCode(failedStatus)
    }
  }
}

/// One request and its answer, from the options to the exit status.
struct Transaction {
  let options: TerminalOptions
  var flags: FrameFlags = []

  /// Sends what `body` makes for today's date in California, and prints the answer.
  func run(_ body: (CalendarDate) throws -> RequestBody) throws -> Never {
    let file = try options.profile()
    var requestOptions = options.requestOptions
    requestOptions.flags.formUnion(flags)
    var request: TerminalRequest?
    do {
      var client = try TerminalClient(file.profile)
      try client.connect()
      let today = PacificTime.date(at: requestOptions.transactionTime ?? client.now)
      let prepared = try client.prepare(body(today), requestOptions)
      request = prepared
      let reply = try client.send(prepared)
      client.disconnect()
      report(prepared, reply, file.site)
      throw Verdicts.status(Verdict(reply.header.code))
    } catch let error as TerminalError {
      report(error, request)
      throw Verdicts.status(.failed)
    }
  }

  private func report(_ request: TerminalRequest, _ reply: Reply, _ site: ReceiptSite?) {
    if options.json {
      let document = ReplyDocument(request, reply, revealsCard: options.showCard)
      return StandardStreams.write(document.json.line)
    }
    let receipt = Receipt(request, reply, site: site, revealsCard: options.showCard)
    StandardStreams.write(DisplayFrame(reply).text + receipt.text)
    if case .inquiry(let inquiry) = reply.message, let client = inquiry.client {
      StandardStreams.write("\n" + ClientListing(client).text)
    }
    StandardStreams.write("\n" + CodeTable.entry(for: reply.header.code).clerkAction + "\n")
  }

  private func report(_ error: TerminalError, _ request: TerminalRequest?) {
    if options.json {
      StandardStreams.write(ReplyDocument.json(error, request).line)
    }
    var text = "posterm: \(error)\n"
    if let request, error.leavesOutcomeOpen {
      text += """
        Perhaps it was carried out. To have the answer, give the same command again with \
        --stan \(request.traceNumber.rawValue) \
        --transaction-time \(request.header.transactionTime.milliseconds) --repeat

        """
    }
    StandardStreams.writeError(text)
  }
}
