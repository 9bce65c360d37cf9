import Cryptography
import TransactionModel
import WireFormat

/// What a reply comes to.
enum Judgement: Equatable {
  /// As it had to be.
  case right
  /// The server could not do it now, or the operator has to sign on again: nothing has happened.
  case refused
  /// A message that the server does not offer (20.1).
  case notOffered
  /// Anything else, in words, without personal data.
  case wrong(String)
}

/// Compares replies with what had to come.
///
/// It looks at every field that a terminal acts on; how many days are left and when renewal opens
/// depend on the program's policy, which is not the load test's to know.
enum ReplyCheck {
  /// Judges the answer to an exchange; `book` has the change still pending.
  static func judge(
    _ frame: borrowing FrameView, _ exchange: Exchange, _ terminal: LoadTerminal,
    _ maker: FrameMaker, _ book: borrowing CardBook
  ) -> Judgement {
    if let field = strayHeaderField(frame, exchange, terminal, maker) {
      return .wrong("\(field) is not as it was sent")
    }
    do throws(FormatRefusal) {
      _ = try FrameCheck.checkReply(frame)
    } catch {
      return .wrong("the answer breaks rule \(error.ruleNumber) in field \(error.fieldNumber)")
    }
    let code = frame.responseCode
    if exchange.kind == .malformed { return judgeRefusal(frame, exchange) }
    switch code {
    case .busy, .changesUnavailable, .shuttingDown, .operatorNotSignedOn: return .refused
    case .notAvailable: return .notOffered
    // The server keeps what it can undo for as long as it likes.
    case .reversalTooLate where exchange.kind == .reverse: return .refused
    default: break
    }
    guard !code.isRefusal else { return .wrong("refused with code \(code.rawValue)") }
    if exchange.kind == .repeat { return judgeRepeat(frame, exchange) }
    guard exchange.isRepeat || !frame.flags.contains(.storedReply) else {
      return .wrong("a stored answer to a new request")
    }
    switch exchange.kind {
    case .echo, .signOn, .signOff:
      return code == .approved || code == .approvedClockOff
        ? .right : .wrong("code \(code.rawValue)")
    case .last: return judgeLast(frame, exchange)
    case .inquiry, .batch: return judgeInquiry(frame, exchange, book)
    default: return judgeChange(frame, exchange)
    }
  }

  /// The first field that the reply does not repeat from its request; the key has been compared.
  private static func strayHeaderField(
    _ frame: borrowing FrameView, _ exchange: Exchange, _ terminal: LoadTerminal,
    _ maker: FrameMaker
  ) -> String? {
    if frame.transactionTime != exchange.time { return "the transaction time" }
    if frame.operatorID != terminal.operatorID { return "the operator" }
    if frame.software != maker.software { return "the software" }
    if exchange.kind == .malformed { return nil }
    let flags = maker.flags(of: exchange).subtracting(.repeat)
    if frame.flags.subtracting([.repeat, .storedReply]) != flags { return "a flag" }
    if frame.messageType != exchange.frameKind.messageType { return "the message type" }
    if frame.environment != maker.environment.rawValue { return "the environment" }
    if frame.version != HeaderLayout.protocolVersion { return "the protocol version" }
    return nil
  }

  private static func judgeRefusal(
    _ frame: borrowing FrameView, _ exchange: Exchange
  ) -> Judgement {
    guard let malformation = exchange.malformation else { return .wrong("no malformation") }
    let expected = malformation.refusal
    let code = frame.responseCode
    if code == .busy || code == .shuttingDown { return .refused }
    guard code == expected.code else {
      return .wrong("\(malformation): code \(code.rawValue), not \(expected.code.rawValue)")
    }
    let field = frame.number(RefusalLayout.field, as: UInt16.self)
    return field == expected.field.number
      ? .right : .wrong("\(malformation): field \(field), not \(expected.field.number)")
  }

  private static func judgeRepeat(
    _ frame: borrowing FrameView, _ exchange: Exchange
  ) -> Judgement {
    guard frame.flags.contains(.storedReply) else {
      return .wrong("a repeat was answered anew, with code \(frame.responseCode.rawValue)")
    }
    return digest(of: frame.bytes) == exchange.originalDigest
      ? .right : .wrong("a repeat was answered otherwise than the first time")
  }

  private static func judgeLast(
    _ frame: borrowing FrameView, _ exchange: Exchange
  ) -> Judgement {
    guard frame.responseCode == .approved else {
      return .wrong("code \(frame.responseCode.rawValue), not \(ResponseCode.approved.rawValue)")
    }
    let byteCount = Int(frame.number(LastReplyLayout.storedByteCount, as: UInt16.self))
    guard byteCount > HeaderLayout.byteCount else { return .wrong("no stored answer") }
    let start = LastReplyLayout.storedReply.offset
    return digest(of: frame.bytes.extracting(start..<(start + byteCount)))
      == exchange.originalDigest
      ? .right : .wrong("the stored answer is not the one that was given")
  }

  /// The first half of the SHA-256 of what a server stores of a reply: its first 160 bytes, without
  /// the flags, which may differ from one time to another (4.6).
  static func digest(of reply: RawSpan) -> UInt128 {
    let flags = HeaderLayout.flags.range
    let end = min(reply.byteCount, FrameBuffer.storedByteCountMax)
    var computation = SHA256()
    computation.update(reply.extracting(0..<flags.lowerBound))
    computation.update(reply.extracting(flags.upperBound..<end))
    return computation.finish().first128Bits
  }
}
