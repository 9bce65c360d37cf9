public import LinuxSystem

/// The Unix socket over which operators' tools ask a running daemon.
///
/// A client sends lines such as `{"command":"status"}` and gets one line for each. The kernel says
/// whose process it is: only root and the given user are answered. It has a thread of its own, so
/// that nothing that an operator does can hold up a terminal.
public final class ControlSocket: Sendable {
  private let mailbox: Mailbox<Never>
  private let thread: OwnThread

  /// Starts to answer.
  ///
  /// The path gets the permission bits of `mode`: 0o600, or 0o660 for a group of operators.
  /// `isAllowed` says whose processes are answered; root's always are. `answer` is called on the
  /// socket's thread, and gives nil for a command that it does not know.
  public init(
    path: String, mode: UInt32, isAllowed: @escaping @Sendable (PeerCredentials) -> Bool,
    answer: @escaping @Sendable (_ command: String) -> JSONObject?
  ) throws(ServerError) {
    do throws(NetworkError) {
      let listener = try UnixListeningSocket(path: path, mode: mode)
      let mailbox: Mailbox<Never>
      do throws(SystemError) {
        mailbox = try Mailbox()
        let loop = try ControlLoop(
          listener: listener, bell: mailbox, isAllowed: isAllowed, answer: answer)
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
