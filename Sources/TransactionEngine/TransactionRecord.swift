public import TransactionModel
import WireFormat

/// The log record of one decision: who asked, what was decided by which rules, what it changed,
/// and what was answered.
///
///      0   8  terminal
///      8   8  operator
///     16   8  site
///     24   8  transaction time
///     32   8  policy version
///     40   8  table version
///     48  16  content digest: the first 16 bytes of the SHA-256; 0 of a sign-on or sign-off
///     64   4  system trace audit number
///     68   4  software
///     72   1  message type
///     73   1  flags of the request
///     74   2  response code
///     76   2  failed criteria
///     78   2  bytes of the stored reply, its header left out; 0 when no reply is stored
///     80   2  length of the frame that was sent
///     82   1  number of record images, 0 or 1
///     83   1  protocol version
///     84   1  environment
///     85   1  marks for the audit: bit 0 stored and forwarded, bit 1 certified in an outage, bit 2
///             the gateway vouched for the operator
///     86   2  zero
///     88  16  card, as on the wire; blank where the request names none
///    104      of a reversal the original's key, then the record image, then the stored reply
///
/// The header of the stored reply is not kept: every byte of it is among the fields.
public struct TransactionRecord: Sendable {
  static let fixedByteCount = 104
  /// The most that a record's body can take: 688 bytes.
  ///
  /// A reversal has the original's key, and a shorter reply.
  static let byteCountMax =
    fixedByteCount + RecordImage.byteCountMax
    + max(
      FrameBuffer.storedByteCountMax, OriginalKey.byteCount + ReverseReplyLayout.byteCount)
    - HeaderLayout.byteCount

  public var terminal: TerminalID
  public var operatorID: OperatorID
  public var site: SiteID
  public var transactionTime: Instant
  public var policyVersion: UInt64 = 0
  public var tableVersion: UInt64 = 0
  public var digest: UInt128
  public var traceNumber: SystemTraceAuditNumber
  public var software: SoftwareID
  public var messageType: UInt8
  public var flags: FrameFlags
  public var code: ResponseCode
  public var failedCriteria: FailedCriteria = []
  public var frameByteCount: UInt16
  public var protocolVersion: UInt8
  public var environment: UInt8
  public var marks: TransactionMarks = []
  /// The card that the request is about; of a reversal that of the original, blank if unknown.
  public var card: CardNumber
  /// What a reversal reverses; in every reversal and nothing else.
  public var original: OriginalKey?
  /// The eligibility record as it is after the decision; `nil` when none was changed.
  public var image: EligibilityRecord?
  /// The keys of the client in the image, when they were made already; not in the log.
  var imageKeys: ClientKeys?
  /// The reply from byte 48 on, as far as it is stored.
  var replyBody = InlineArray<112, UInt8>(repeating: 0)
  var replyBodyByteCount = 0

  /// Begins the record of a decision on a request.
  init(_ request: borrowing FrameView, site: SiteID, digest: UInt128, code: ResponseCode) {
    terminal = request.terminal
    operatorID = request.operatorID
    self.site = site
    transactionTime = request.transactionTime
    self.digest = digest
    traceNumber = request.traceNumber
    software = request.software
    messageType = request.rawMessageType
    flags = request.flags
    if flags.contains(.storedAndForward) { marks = .storedAndForwarded }
    self.code = code
    frameByteCount = 0
    protocolVersion = request.version
    environment = request.environment
    card = .blank
    if let type = MessageType(rawValue: messageType) {
      switch type {
      case .inquiry, .activate, .recertify, .update, .deactivate:
        card = request.card(InquiryRequestLayout.card)
      case .reverse: original = OriginalKey(ReverseRequestView(request))
      case .signOn, .signOff, .echo, .last: break
      }
    }
  }

  /// What it takes in the log at most.
  var byteCountMax: Int {
    Self.fixedByteCount + (original == nil ? 0 : OriginalKey.byteCount)
      + (image == nil ? 0 : RecordImage.byteCountMax) + replyBodyByteCount
  }

  /// Keeps the part of an encoded reply that is stored for repeats.
  mutating func store(_ reply: borrowing FrameBuffer) {
    frameByteCount = UInt16(reply.byteCount)
    replyBodyByteCount = Self.storedByteCount(ofFrame: reply.byteCount)
    replyBody = reply.storedBody
  }

  func write(to output: inout OutputRawSpan) {
    output.put(terminal.rawValue)
    output.put(operatorID.rawValue)
    output.put(site.rawValue)
    output.put(transactionTime.milliseconds)
    output.put(policyVersion)
    output.put(tableVersion)
    output.put(digest.byteSwapped)
    output.put(traceNumber.rawValue)
    output.put(software.rawValue)
    output.put(messageType)
    output.put(flags.rawValue)
    output.put(code.rawValue)
    output.put(failedCriteria.rawValue)
    output.put(UInt16(replyBodyByteCount))
    output.put(frameByteCount)
    output.put(UInt8(image == nil ? 0 : 1))
    output.put(protocolVersion)
    output.put(environment)
    output.put(marks.rawValue)
    output.put(UInt16(0))
    output.put(card)
    original?.write(to: &output)
    if let image { RecordImage.write(image, to: &output) }
    output.put(replyBody, first: replyBodyByteCount)
  }

  /// Reads a record's body; `nil` when it breaks the layout.
  public init?(_ body: RawSpan) {
    var reader = RecordReader(body)
    guard let terminal: UInt64 = reader.next(), let operatorID: UInt64 = reader.next(),
      let site: UInt64 = reader.next(), let transactionTime: UInt64 = reader.next(),
      let policyVersion: UInt64 = reader.next(), let tableVersion: UInt64 = reader.next(),
      let digest: UInt128 = reader.next(), let traceNumber: UInt32 = reader.next(),
      let software: UInt32 = reader.next(), let messageType: UInt8 = reader.next(),
      let flags: UInt8 = reader.next(), let code: UInt16 = reader.next(),
      let failedCriteria: UInt16 = reader.next(), let replyByteCount: UInt16 = reader.next(),
      let frameByteCount: UInt16 = reader.next(), let imageCount: UInt8 = reader.next(),
      let protocolVersion: UInt8 = reader.next(), let environment: UInt8 = reader.next(),
      let marks: UInt8 = reader.next(), reader.skipZeros(2), let card = reader.nextCard(),
      imageCount <= 1,
      Self.isStoredReply(Int(replyByteCount), ofFrame: Int(frameByteCount))
    else { return nil }
    self.terminal = TerminalID(rawValue: terminal)
    self.operatorID = OperatorID(rawValue: operatorID)
    self.site = SiteID(rawValue: site)
    self.transactionTime = Instant(milliseconds: transactionTime)
    self.policyVersion = policyVersion
    self.tableVersion = tableVersion
    self.digest = digest.byteSwapped
    self.traceNumber = SystemTraceAuditNumber(rawValue: traceNumber)
    self.software = SoftwareID(rawValue: software)
    self.messageType = messageType
    self.flags = FrameFlags(rawValue: flags)
    self.code = ResponseCode(rawValue: code)
    self.failedCriteria = FailedCriteria(rawValue: failedCriteria)
    self.frameByteCount = frameByteCount
    self.protocolVersion = protocolVersion
    self.environment = environment
    self.marks = TransactionMarks(rawValue: marks)
    self.card = card
    if messageType == MessageType.reverse.rawValue {
      guard let original = OriginalKey(&reader) else { return nil }
      self.original = original
    }
    if imageCount == 1 {
      guard let image = RecordImage.read(&reader) else { return nil }
      self.image = image
    }
    guard reader.remainingByteCount == Int(replyByteCount) else { return nil }
    replyBodyByteCount = Int(replyByteCount)
    for index in 0..<replyBodyByteCount {
      guard let byte: UInt8 = reader.next() else { return nil }
      replyBody[index] = byte
    }
  }

  /// Whether so many bytes behind the header are what is stored of a frame of that length; of no
  /// frame nothing is.
  static func isStoredReply(_ byteCount: Int, ofFrame frameByteCount: Int) -> Bool {
    guard frameByteCount > 0 else { return byteCount == 0 }
    return (HeaderLayout.frameByteCountMin...HeaderLayout.frameByteCountMax)
      .contains(frameByteCount) && frameByteCount % HeaderLayout.frameByteCountStep == 0
      && byteCount == storedByteCount(ofFrame: frameByteCount)
  }

  private static func storedByteCount(ofFrame frameByteCount: Int) -> Int {
    min(frameByteCount, FrameBuffer.storedByteCountMax) - HeaderLayout.byteCount
  }

  /// The answer to keep for repeats; `nil` when none is stored.
  func storedAnswer(position: LogPosition, serverTime: Instant) -> StoredAnswer? {
    guard replyBodyByteCount > 0 else { return nil }
    var answer = StoredAnswer(
      digest: digest, position: position, transactionTime: transactionTime,
      serverTime: serverTime, traceNumber: traceNumber,
      replyByteCount: UInt16(HeaderLayout.byteCount + replyBodyByteCount),
      frameByteCount: frameByteCount, reply: InlineArray(repeating: 0))
    answer.card = card
    answer.hasChangedRecord = image != nil
    writeReplyHeader(position: position, to: &answer.reply)
    answer.reply.store(replyBody, at: HeaderLayout.byteCount)
    return answer
  }

  /// Writes the header of the reply that was sent.
  private func writeReplyHeader(position: LogPosition, to reply: inout InlineArray<160, UInt8>) {
    reply.put(frameByteCount, HeaderLayout.frameLength)
    reply.put(protocolVersion, HeaderLayout.version)
    reply.put(messageType | MessageType.replyBit, HeaderLayout.messageType)
    reply.put(environment, HeaderLayout.environment)
    reply.put(flags.rawValue, HeaderLayout.flags)
    reply.put(code.rawValue, HeaderLayout.responseCode)
    reply.put(traceNumber.rawValue, HeaderLayout.traceNumber)
    reply.put(software.rawValue, HeaderLayout.software)
    reply.put(terminal.rawValue, HeaderLayout.terminal)
    reply.put(transactionTime.milliseconds, HeaderLayout.transactionTime)
    reply.put(operatorID.rawValue, HeaderLayout.operatorID)
    reply.put(position.rawValue, HeaderLayout.logPosition)
  }
}
