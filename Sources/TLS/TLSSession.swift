import COpenSSL
import Glibc

/// One TLS connection over a non-blocking socket that somebody else owns.
///
/// The owner of the descriptor polls it, repeats a step that wants to read or write, and closes it
/// after the session is gone. One thread at a time uses a session; it may be handed on.
///
/// What an earlier use of OpenSSL left in its thread's queue of errors would be taken for this
/// session's failure. So every use in this program leaves the queue empty, and reading and writing
/// count on that: to look each time costs more than what they do themselves.
@safe
public struct TLSSession: ~Copyable, @unchecked Sendable {
  private let session: OpaquePointer
  /// No step may follow: OpenSSL forbids it after a protocol failure.
  private var isUnusable = false
  /// Why a step ended with `failed`, or with `peerClosed` other than by close_notify.
  public private(set) var failure: TLSFailure?

  /// Begins the server's end of a connection.
  public init(_ context: TLSServerContext, descriptor: Int32) throws(TLSError) {
    unsafe session = try Self.make(context.context, descriptor: descriptor)
    unsafe SSL_set_accept_state(session)
  }

  /// Begins the client's end of a connection.
  public init(_ context: TLSClientContext, descriptor: Int32) throws(TLSError) {
    unsafe session = try Self.make(context.context, descriptor: descriptor)
    unsafe SSL_set_connect_state(session)
  }

  private static func make(
    _ context: TLSContext, descriptor: Int32
  ) throws(TLSError) -> OpaquePointer {
    ERR_clear_error()
    guard let session = unsafe SSL_new(context.pointer) else { throw .library("SSL_new") }
    let transport = unsafe SocketTransport.make(descriptor)
    unsafe SSL_set_bio(session, transport, transport)
    var isReady = unsafe transport != nil
    if let name = context.serverName {
      isReady = unsafe isReady && COpenSSL_set_server_name(session, name) == 1
    }
    guard isReady else {
      unsafe SSL_free(session)
      throw .library("a session")
    }
    return unsafe session
  }

  deinit { unsafe SSL_free(session) }

  /// Goes on with the handshake.
  ///
  /// When it is complete, read at once: the peer's first bytes may be inside already, and then the
  /// descriptor becomes ready for nobody. On failure the alert that says why has been sent. The
  /// owner then shuts down its write side and reads for a while before it closes, or the peer may
  /// get a reset instead of the alert. A TLS 1.3 client has completed before the server has looked
  /// at its certificate: a refusal comes with the first read.
  public mutating func handshake() -> TLSOutcome {
    guard !isUnusable else { return .failed }
    ERR_clear_error()
    let result = unsafe SSL_do_handshake(session)
    guard result == 1 else { return outcome(of: result, errorNumber: errno) }
    ERR_clear_error()
    return .complete
  }

  public var isHandshakeComplete: Bool { unsafe SSL_is_init_finished(session) == 1 }

  /// Decrypts what has come, of one record at most, into the free tail of a buffer.
  ///
  /// The tail has room for at least one byte. Read again until it wants something: decrypted bytes
  /// that stay inside make the descriptor ready for nobody.
  public mutating func read(into tail: inout OutputRawSpan) -> TLSOutcome {
    precondition(!tail.isFull, "no room to read into")
    guard !isUnusable else { return .failed }
    assert(ERR_peek_error() == 0, "a use of OpenSSL left errors behind")
    var result: Int32 = 0
    var errorNumber: Int32 = 0
    unsafe tail.withUnsafeMutableBytes { region, initializedCount in
      var byteCount = 0
      result = unsafe SSL_read_ex(
        session, region.baseAddress?.advanced(by: initializedCount),
        region.count - initializedCount, &byteCount)
      if result != 1 { errorNumber = errno }
      initializedCount += byteCount
    }
    return result == 1 ? .complete : outcome(of: result, errorNumber: errorNumber)
  }

  /// Encrypts and sends the front of some bytes, of which there is at least one, and says how many.
  ///
  /// After it wanted something, the next write begins with the same bytes, wherever they are by
  /// then, and may have more behind them: their record is made already. After `peerClosed` a read
  /// may still find the alert that says why.
  public mutating func write(_ bytes: RawSpan) -> (byteCount: Int, outcome: TLSOutcome) {
    precondition(!bytes.isEmpty, "nothing to write")
    guard !isUnusable else { return (0, .failed) }
    assert(ERR_peek_error() == 0, "a use of OpenSSL left errors behind")
    var byteCount = 0
    var result: Int32 = 0
    var errorNumber: Int32 = 0
    unsafe bytes.withUnsafeBytes { region in
      result = unsafe SSL_write_ex(session, region.baseAddress, region.count, &byteCount)
      if result != 1 { errorNumber = errno }
    }
    if result == 1 { return (byteCount, .complete) }
    return (0, outcome(of: result, errorNumber: errorNumber))
  }

  /// Sends close_notify: the peer learns that all that was meant for it has come.
  ///
  /// Reading goes on. After a failure, and before the handshake is complete, there is nothing to
  /// send.
  public mutating func shutdownWrite() -> TLSOutcome {
    guard !isUnusable, failure == nil, isHandshakeComplete else { return .failed }
    ERR_clear_error()
    let result = unsafe SSL_shutdown(session)
    guard result >= 0 else { return outcome(of: result, errorNumber: errno) }
    ERR_clear_error()
    return .complete
  }

  /// Gives back some 34 KB of record buffers, if they are empty; the next step takes new ones.
  ///
  /// False if part of a record is inside, or of one still to be sent. OpenSSL before 3.0.14 could
  /// free a buffer that it went on to use (CVE-2024-4741).
  @discardableResult
  public mutating func freeBuffersWhenIdle() -> Bool {
    unsafe SSL_free_buffers(session) == 1
  }

  /// Whether bytes are inside that a read has not given yet, decrypted or not.
  ///
  /// A trap for loops: half a record counts, and a read then gives nothing and wants to read. A
  /// loop that goes on as long as this is true spins until the other half comes.
  public var hasBufferedBytes: Bool { unsafe SSL_has_pending(session) == 1 }

  /// The agreed protocol version, after the handshake.
  public var protocolVersion: TLSVersion? {
    let number = unsafe SSL_version(session)
    return isHandshakeComplete ? TLSVersion.allCases.first { $0.number == number } : nil
  }

  /// The standard's name of the agreed cipher suite, after the handshake.
  public var cipherSuiteName: String? {
    guard let suite = unsafe SSL_get_current_cipher(session),
      let name = unsafe SSL_CIPHER_standard_name(suite)
    else { return nil }
    return unsafe String(cString: name)
  }

  /// The peer's certificate, which has been verified, after the handshake.
  public var peerCertificate: CertificateSummary? {
    guard isHandshakeComplete, let certificate = unsafe SSL_get0_peer_certificate(session) else {
      return nil
    }
    return unsafe CertificateSummary(certificate)
  }

  private mutating func outcome(of result: Int32, errorNumber: Int32) -> TLSOutcome {
    switch unsafe SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ:
      return .wantsRead
    case SSL_ERROR_WANT_WRITE:
      return .wantsWrite
    case SSL_ERROR_ZERO_RETURN:
      return .peerClosed
    case SSL_ERROR_SYSCALL:
      failure = .socketFailure(errorNumber: errorNumber)
    default:
      isUnusable = true
      failure = unsafe .takeProtocolFailure(of: session)
    }
    return failure?.reason == .peerClosed ? .peerClosed : .failed
  }
}
