public import TransactionModel
import WriteAheadLog

/// What else an audit entry says of a request.
public struct AuditMarks: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The certificate is a gateway's: `speaker` is its site.
  public static let gateway = AuditMarks(rawValue: 0x01)
  /// Somebody tried what is not theirs.
  public static let securityEvent = AuditMarks(rawValue: 0x02)
  /// The card was found under another of its numbers than the one in `card`.
  public static let otherNumber = AuditMarks(rawValue: 0x04)
  /// The request broke a rule of the format, or its certificate had expired: nothing was looked up.
  public static let notLookedUp = AuditMarks(rawValue: 0x08)

  static let all: AuditMarks = [.gateway, .securityEvent, .otherNumber, .notLookedUp]
}

/// A request of a terminal, and what it was told: the body of an entry of kind 1.
///
///      0   8  terminal, as the request names it
///      8   8  operator, as the request names it
///     16   8  speaker: the terminal or, by mark 0x01, the site that the certificate is of
///     24   8  position in the state log that the answer rests on; of a change that of its record
///     32  16  card found; the number asked for where none was; blank where the request has none
///     48   4  system trace audit number
///     52   1  message type, as sent
///     53   1  purpose of an inquiry, as sent; else 0
///     54   2  response code
///     56   4  of an inquiry the date of service, YYYYMMDD; of a request for the last answer the
///             trace number asked for; else 0
///     60   1  flags of the reply
///     61   1  marks
///     62   2  zero
public struct AuditRequest: Hashable, Sendable, BitwiseCopyable {
  public static let byteCount = 64

  public var terminal: TerminalID
  public var operatorID: OperatorID
  public var speaker: UInt64
  public var position: LogPosition
  public var card: CardNumber
  public var traceNumber: SystemTraceAuditNumber
  public var messageType: UInt8
  public var purpose: UInt8 = 0
  public var code: ResponseCode
  public var detail: UInt32 = 0
  public var flags: FrameFlags
  public var marks: AuditMarks

  public init(
    terminal: TerminalID, operatorID: OperatorID, speaker: CertificateIdentity.Subject,
    position: LogPosition, card: CardNumber, traceNumber: SystemTraceAuditNumber,
    messageType: UInt8, code: ResponseCode, flags: FrameFlags, marks: AuditMarks
  ) {
    self.terminal = terminal
    self.operatorID = operatorID
    self.position = position
    self.card = card
    self.traceNumber = traceNumber
    self.messageType = messageType
    self.code = code
    self.flags = flags
    self.marks = marks
    switch speaker {
    case .terminal(let id):
      self.speaker = id.rawValue
    case .gateway(let site):
      self.speaker = site.rawValue
      self.marks.insert(.gateway)
    }
  }

  /// The site of the gateway that spoke; nil where a terminal spoke for itself.
  public var gatewaySite: SiteID? {
    marks.contains(.gateway) ? SiteID(rawValue: speaker) : nil
  }

  /// In eight words: it is written for every request.
  func write(to output: inout OutputRawSpan) {
    output.put(terminal.rawValue)
    output.put(operatorID.rawValue)
    output.put(speaker)
    output.put(position.rawValue)
    output.put(card.high.byteSwapped)
    output.put(card.low.byteSwapped)
    output.put(
      UInt64(traceNumber.rawValue) | UInt64(messageType) << 32 | UInt64(purpose) << 40
        | UInt64(code.rawValue) << 48)
    output.put(
      UInt64(detail) | UInt64(flags.rawValue) << 32 | UInt64(marks.rawValue) << 40)
  }

  /// Reads it; nil when it breaks the layout.
  public init?(_ body: RawSpan) {
    guard body.byteCount == Self.byteCount, body.integer(at: 62, as: UInt16.self) == 0 else {
      return nil
    }
    terminal = TerminalID(rawValue: body.integer(at: 0))
    operatorID = OperatorID(rawValue: body.integer(at: 8))
    speaker = body.integer(at: 16)
    position = LogPosition(rawValue: body.integer(at: 24))
    card = CardNumber(
      high: body.integer(at: 32, as: UInt64.self).byteSwapped,
      low: body.integer(at: 40, as: UInt64.self).byteSwapped)
    traceNumber = SystemTraceAuditNumber(rawValue: body.integer(at: 48))
    messageType = body.integer(at: 52)
    purpose = body.integer(at: 53)
    code = ResponseCode(rawValue: body.integer(at: 54))
    detail = body.integer(at: 56)
    flags = FrameFlags(rawValue: body.integer(at: 60))
    marks = AuditMarks(rawValue: body.integer(at: 61))
    guard AuditMarks.all.isSuperset(of: marks) else { return nil }
  }
}
