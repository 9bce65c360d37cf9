public import TransactionModel
public import WireFormat

/// A request with its key: what a repeat sends again, byte for byte but for the repeat flag.
public struct TerminalRequest: Equatable, Sendable {
  public var header: RequestHeader
  public var body: RequestBody

  public init(header: RequestHeader, body: RequestBody) {
    self.header = header
    self.body = body
  }

  /// The same request, flagged as sent before.
  public var repeated: TerminalRequest {
    var request = self
    request.header.flags.insert(.repeat)
    return request
  }

  public var traceNumber: SystemTraceAuditNumber { header.traceNumber }

  /// Encodes the request into a buffer, and judges it by the rules that the server will apply.
  func encode(into buffer: inout FrameBuffer) throws(TerminalError) {
    guard buffer.encode(header, body) else {
      throw .requestMalformed(field: "software_version", .frameLengthWrong)
    }
    do throws(FormatRefusal) {
      _ = try FrameCheck.checkRequest(buffer.frame)
    } catch {
      let fields = HeaderLayout.fields + MessageLayout.request(body.messageType).fields
      let field = fields.first { $0.number == error.fieldNumber }
      throw .requestMalformed(
        field: field.map { $0.name.description } ?? "field \(error.fieldNumber)", error.code)
    }
  }
}

/// What a request carries beside its body; what is `nil` the client fills in.
public struct RequestOptions: Sendable {
  public var flags: FrameFlags = []
  /// A number of an earlier request, to repeat it.
  public var traceNumber: SystemTraceAuditNumber?
  public var transactionTime: Instant?

  public init(flags: FrameFlags = []) { self.flags = flags }
}
