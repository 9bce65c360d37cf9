import LinuxSystem
import TLS
public import TransactionModel

/// What is loaded, and who loads it.
public struct LoadTarget: Sendable {
  private static let retryMilliseconds: Int32 = 100

  /// A certificate's holder, and the terminals that it speaks for.
  public struct Credentials: Sendable {
    public var certificateFile: String
    public var privateKeyFile: String

    public init(certificateFile: String, privateKeyFile: String) {
      self.certificateFile = certificateFile
      self.privateKeyFile = privateKeyFile
    }
  }

  public var environment: Environment
  /// As it stands in the server's certificate.
  public var host: String
  public var port: UInt16
  public var authorityFile: String
  public var software = SoftwareID(rawValue: 1)
  public var terminals: [TerminalID]
  public var operators: [OperatorID]
  /// One for each terminal in their order, or one for all: a gateway's.
  public var credentials: [Credentials]
  /// The serial number of the first card that takes part.
  public var firstSerial: UInt64

  public init(
    environment: Environment, host: String, port: UInt16, authorityFile: String,
    terminals: [TerminalID], operators: [OperatorID], credentials: [Credentials],
    firstSerial: UInt64
  ) {
    precondition(!terminals.isEmpty && !operators.isEmpty && !credentials.isEmpty)
    self.environment = environment
    self.host = host
    self.port = port
    self.authorityFile = authorityFile
    self.terminals = terminals
    self.operators = operators
    self.credentials = credentials
    self.firstSerial = firstSerial
  }

  /// Makes sure that the load hurts nobody: a test installation, on this machine unless another one
  /// is expressly allowed.
  public func check(allowsRemote: Bool) throws(LoadError) {
    guard environment == .test else { throw .notForProduction }
    guard allowsRemote || Self.isLoopback(host) else { throw .hostNotLocal(host) }
  }

  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" { return true }
    guard let address = InternetAddress(literal: host, port: 0) else { return false }
    return address.isVersion4 ? address.bits >> 24 == 127 : address.bits == 1
  }

  /// One TLS context for each certificate.
  func contexts() throws(LoadError) -> [TLSClientContext] {
    do throws(TLSError) {
      return try credentials.map { (own) throws(TLSError) in
        try TLSClientContext(
          authorityFile: authorityFile, certificateFile: own.certificateFile,
          privateKeyFile: own.privateKeyFile, expectedHost: host)
      }
    } catch {
      throw .credentialsUnusable(error)
    }
  }

  /// Where the server listens: the address of the host that takes a connection.
  ///
  /// One that refuses may be about to start: it is asked again until the time is over.
  func findAddress(timeoutMilliseconds: Int32) throws(LoadError) -> InternetAddress {
    let end = MonotonicClock.nowMilliseconds + UInt64(timeoutMilliseconds)
    while true {
      do throws(NetworkError) {
        let connection = try OwnedDescriptor.connected(
          toHost: host, port: port, timeoutMilliseconds: timeoutMilliseconds)
        guard let address = connection.remoteAddress() else {
          throw .timedOut(peer: "\(host):\(port)")
        }
        return address
      } catch {
        guard error.isRefusal, MonotonicClock.nowMilliseconds < end else {
          throw .unreachable(error)
        }
        MonotonicClock.sleep(milliseconds: Self.retryMilliseconds)
      }
    }
  }
}
