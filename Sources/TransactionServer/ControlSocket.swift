public import LinuxSystem
public import Observability

/// The Unix socket over which operators' tools ask a running daemon.
///
/// A client sends lines and gets one line for each; what they say is for `answer` to know. The
/// kernel says whose process it is. The socket has a thread of its own, so that nothing that an
/// operator does can hold up a terminal.
public final class ControlSocket: Sendable {
  /// The longest line that is taken: an import of some thousand card ranges.
  public static let lineByteCountMax = 256 * 1024

  /// How often a caller had to wait because the process had no descriptor left.
  public let shortages = Counter()
  private let mailbox: Mailbox<Never>
  private let thread: OwnThread

  /// Starts to answer.
  ///
  /// The path gets the permission bits of `mode`; whoever may connect and is not allowed by
  /// `isAllowed` is hung up on. `answer` is called on the socket's thread, and everybody waits for
  /// it: it must end within a bounded time. Its answer is one line of less than 512 KiB.
  public init(
    path: String, mode: UInt32, isAllowed: @escaping @Sendable (PeerCredentials) -> Bool,
    answer: @escaping @Sendable (_ line: String, PeerCredentials) -> String
  ) throws(ServerError) {
    do throws(NetworkError) {
      let listener = try UnixListeningSocket(path: path, mode: mode)
      let mailbox: Mailbox<Never>
      do throws(SystemError) {
        mailbox = try Mailbox()
        let loop = try ControlLoop(
          listener: listener, bell: mailbox, shortages: shortages, isAllowed: isAllowed,
          answer: answer)
        thread = try OwnThread(name: "control") { loop.run() }
      } catch {
        throw .systemCallFailed(path, error)
      }
      self.mailbox = mailbox
    } catch {
      throw .network(error)
    }
  }

  /// Stops answering and removes the path.
  public func stop() {
    mailbox.ring()
    thread.join()
  }
}
