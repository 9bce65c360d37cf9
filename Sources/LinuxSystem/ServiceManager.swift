import Glibc

/// What systemd and the daemon say to each other, by its published protocols.
///
/// Sources: sd_notify(3), sd_listen_fds(3).
public enum ServiceManager {
  /// The first descriptor that is handed over (SD_LISTEN_FDS_START).
  private static let firstInheritedDescriptor: Int32 = 3

  /// Tells the service manager the state, such as `READY=1`; false if there is none to tell.
  ///
  /// Its socket is named by NOTIFY_SOCKET, as a path or, behind `@`, an abstract name.
  @discardableResult
  public static func notify(_ state: String) throws(NetworkError) -> Bool {
    guard let name = CurrentProcess.environmentValue("NOTIFY_SOCKET") else { return false }
    try notify(state, at: name)
    return true
  }

  static func notify(_ state: String, at name: String) throws(NetworkError) {
    let address = try UnixAddress(name)
    do throws(SystemError) {
      let descriptor = OwnedDescriptor(
        adopting: try systemCall("socket") {
          socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }.get())
      let bytes = Array(state.utf8)
      _ = try systemCall("sendto") {
        unsafe address.withSocketAddress {
          unsafe sendto(
            descriptor.rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, $1)
        }
      }.get()
    } catch {
      throw .systemCallFailed(name, error)
    }
  }

  /// The listening socket that systemd made for this process, or nil if it made none.
  ///
  /// Call it once: afterwards the variables are gone, so that no child takes them for its own.
  public static func inheritedListeningSocket() throws(NetworkError) -> ListeningSocket? {
    try inheritedListeningSocket(at: firstInheritedDescriptor)
  }

  static func inheritedListeningSocket(
    at descriptor: Int32
  ) throws(NetworkError) -> ListeningSocket? {
    let count = inheritedDescriptorCount(
      processIdentifier: CurrentProcess.identifier,
      listenProcess: CurrentProcess.environmentValue("LISTEN_PID"),
      listenCount: CurrentProcess.environmentValue("LISTEN_FDS"))
    for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { _ = unsafe unsetenv(name) }
    guard count > 0 else { return nil }
    guard count == 1 else {
      throw .inheritedDescriptorsUnusable(reason: "\(count) given, one expected")
    }
    guard fcntl(descriptor, F_GETFD) >= 0 else {
      throw .inheritedDescriptorsUnusable(reason: "the one announced is not open")
    }
    return try ListeningSocket(adopting: OwnedDescriptor(adopting: descriptor))
  }

  /// How many descriptors are meant for this process; none if the variables are another's.
  static func inheritedDescriptorCount(
    processIdentifier: Int32, listenProcess: String?, listenCount: String?
  ) -> Int {
    guard let listenProcess, Int32(listenProcess) == processIdentifier,
      let listenCount, let count = Int(listenCount), count > 0
    else { return 0 }
    return count
  }
}
