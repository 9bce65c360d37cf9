import TransactionEngine
import TransactionModel
import WireFormat

/// What the reactors need of the engine and of the log behind it.
///
/// Tests put an engine of their own in its place.
protocol EngineRoom: Sendable {
  /// Decides one request that has passed `FrameCheck` and encodes the answer into `reply`.
  func decide(
    _ request: borrowing FrameView, _ type: MessageType, from identity: CertificateIdentity,
    at now: Instant, into reply: inout FrameBuffer
  ) -> Disposition

  /// Whether something was decided that is not on its way to the disk.
  var hasStaged: Bool { get }

  /// Tells the committer that something is staged.
  func wakeCommitter()
}
