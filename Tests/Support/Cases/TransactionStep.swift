public import TransactionModel
public import WireFormat

/// One request of a case, and what is expected of its reply.
public struct TransactionStep: Sendable {
  public var header: RequestHeader
  public var body: RequestBody
  /// The certificate that the request is sent with.
  public var identity: CertificateIdentity
  /// The server's clock when the request arrives.
  public var serverTime: Instant
  public var code: ResponseCode
  public var facts: [ReplyFact]

  public init(
    header: RequestHeader, body: RequestBody, identity: CertificateIdentity, serverTime: Instant,
    code: ResponseCode = .none, facts: [ReplyFact] = []
  ) {
    self.header = header
    self.body = body
    self.identity = identity
    self.serverTime = serverTime
    self.code = code
    self.facts = facts
  }

  /// The request's frame.
  public var frame: [UInt8] {
    var buffer = FrameBuffer()
    precondition(buffer.encode(header, body), "a text that does not fit its field")
    return unsafe buffer.bytes.withUnsafeBytes { unsafe Array($0) }
  }
}
