import CLinux
import Glibc

/// Who is at the other end of a Unix socket, as the kernel vouches for it.
public struct PeerCredentials: Hashable, Sendable {
  public let userIdentifier: UInt32
  public let groupIdentifier: UInt32
  /// The process that connected; it may be gone, and its number given to another.
  public let processIdentifier: Int32
}

/// A listening stream socket at a path, which is removed when the owner goes.
public struct UnixListeningSocket: ~Copyable, Sendable {
  private let descriptor: OwnedDescriptor
  public let path: String

  /// Listens at a path with the given permission bits, replacing a socket that nobody listens at.
  ///
  /// The bits hold from the first moment: no one else can slip in before they are set. The caller
  /// makes sure that no second daemon starts in the same directory at the same time.
  public init(path: String, mode: UInt32, backlog: Int32 = 16) throws(NetworkError) {
    let address = try UnixAddress(path)
    try Self.removeLeftover(path)
    do throws(SystemError) {
      let descriptor = try OwnedDescriptor.unixStreamSocket()
      // Linux gives the new path the socket's own bits less the umask; chmod then adds what the
      // umask took.
      _ = try systemCall("fchmod") { fchmod(descriptor.rawValue, mode) }.get()
      _ = try systemCall("bind") {
        unsafe address.withSocketAddress { unsafe bind(descriptor.rawValue, $0, $1) }
      }.get()
      _ = try systemCall("chmod") { unsafe chmod(path, mode) }.get()
      _ = try systemCall("listen") { listen(descriptor.rawValue, backlog) }.get()
      self.descriptor = descriptor
      self.path = path
    } catch {
      if error.errorNumber == EADDRINUSE { throw .addressInUse(path) }
      throw .systemCallFailed(path, error)
    }
  }

  deinit { _ = unsafe unlink(path) }

  /// The number to watch for readability.
  public var rawValue: Int32 { descriptor.rawValue }

  /// Takes the next connection, if there is one, and who made it.
  public func accept() -> AcceptOutcome<PeerCredentials> {
    let outcome = systemCall("accept4") {
      CLinux_accept4(descriptor.rawValue, nil, nil, OwnedDescriptor.acceptFlags)
    }
    switch outcome {
    case .failure(let error):
      return AcceptOutcome(failure: error)
    case .success(let rawValue):
      let connection = OwnedDescriptor(adopting: rawValue)
      var (process, user, group): (pid_t, uid_t, gid_t) = (0, 0, 0)
      let known = systemCall("getsockopt") {
        unsafe CLinux_peer_credentials(connection.rawValue, &process, &user, &group)
      }
      if case .failure(let error) = known { return .failed(error) }
      let credentials = PeerCredentials(
        userIdentifier: user, groupIdentifier: group, processIdentifier: process)
      return .accepted(connection, credentials)
    }
  }

  /// Removes the socket that a killed daemon left behind; one that answers is in use.
  private static func removeLeftover(_ path: String) throws(NetworkError) {
    do throws(NetworkError) {
      _ = try OwnedDescriptor.connected(toUnixPath: path)
    } catch .systemCallFailed(_, let error) where error.errorNumber == ECONNREFUSED {
      var status = stat()
      // What is there and is no socket is not ours to remove; bind will report it.
      guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
      _ = unsafe unlink(path)
      return
    } catch {
      return
    }
    throw .addressInUse(path)
  }
}

extension OwnedDescriptor {
  /// Connects to the stream socket at a path; non-blocking, closed on exec.
  public static func connected(toUnixPath path: String) throws(NetworkError) -> OwnedDescriptor {
    let address = try UnixAddress(path)
    do throws(SystemError) {
      let descriptor = try unixStreamSocket()
      _ = try systemCall("connect") {
        unsafe address.withSocketAddress { unsafe connect(descriptor.rawValue, $0, $1) }
      }.get()
      return descriptor
    } catch {
      throw .systemCallFailed(path, error)
    }
  }

  fileprivate static func unixStreamSocket() throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(
      adopting: try systemCall("socket") { socket(AF_UNIX, streamSocketType, 0) }.get())
  }
}
