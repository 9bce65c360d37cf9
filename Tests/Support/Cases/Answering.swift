public import TransactionModel

/// Whoever answers requests: an engine in memory, or a daemon at the other end of a line.
public protocol Answering: AnyObject {
  /// Sends one frame and gives the frame that answers it.
  ///
  /// `identity` is that of the certificate to speak with. `time` is the server's clock; whoever
  /// has a clock of its own ignores it, and plays only cases that hold on a running clock.
  func answer(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant
  ) throws -> [UInt8]
}
