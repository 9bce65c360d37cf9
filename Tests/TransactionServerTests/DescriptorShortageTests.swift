import Glibc
import LinuxSystem
import Testing

@testable import TransactionServer

@Suite("Want of descriptors")
struct DescriptorShortageTests {
  @Test("a process without descriptors does not spin, serves who is in, and accepts again later")
  func shortage() async {
    // The limit is the process's own, so the test has one to itself.
    await #expect(processExitsWith: .success) {
      let server = try TestServer()
      let client = try server.client()
      try client.send(client.echo())
      #expect(ReplySummary(client.receive()) != nil)

      let visitor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      let before = setOpenFileLimit(1)
      connectToLoopback(visitor, port: server.server.port)
      #expect(server.comesAbout { server.count("handshake_thread_accept_failures") > 0 })
      let wakeUps = server.count("handshake_thread_wake_ups")
      let failures = server.count("handshake_thread_accept_failures")
      for _ in 0..<200 {
        try client.send(client.echo())
        #expect(ReplySummary(client.receive()) != nil)
      }
      #expect(server.count("handshake_thread_wake_ups") - wakeUps < 100)
      #expect(server.count("handshake_thread_accept_failures") - failures < 100)
      #expect(server.count("handshake_thread_accepted") == 1)
      _ = setOpenFileLimit(before)
      #expect(server.comesAbout { server.count("handshake_thread_accepted") == 2 })
    }
  }
}

/// Sets the soft limit of open descriptors and gives the one before.
private func setOpenFileLimit(_ count: rlim_t) -> rlim_t {
  var limit = rlimit()
  _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  let before = limit.rlim_cur
  limit.rlim_cur = count
  _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  return before
}

private func connectToLoopback(_ descriptor: Int32, port: UInt16) {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let status = unsafe withUnsafePointer(to: &address) { address in
    unsafe UnsafeRawPointer(address).withMemoryRebound(to: sockaddr.self, capacity: 1) {
      unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  #expect(status == 0)
}
