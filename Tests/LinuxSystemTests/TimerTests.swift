import Testing

@testable import LinuxSystem

@Suite("A timer among descriptors")
struct TimerTests {
  @Test("is ready at its moment and not before, until it is cleared")
  func moment() throws {
    let timer = try TimerDescriptor()
    var poller = try ReadinessPoller()
    try poller.add(timer.rawValue, token: 3, interest: .readable)
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
    let moment = MonotonicClock.nowNanoseconds + 5_000_000
    timer.set(nanoseconds: moment)
    #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
    #expect(MonotonicClock.nowNanoseconds >= moment)
    #expect(poller.event(at: 0).token == 3)
    timer.clear()
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
  }

  @Test("is ready at once for a moment that is over", arguments: [0, 1, 1_000_000])
  func past(moment: UInt64) throws {
    let timer = try TimerDescriptor()
    var poller = try ReadinessPoller()
    try poller.add(timer.rawValue, token: 0, interest: .readable)
    timer.set(nanoseconds: moment)
    #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
  }

  @Test("goes by the last moment that was set")
  func replaced() throws {
    let timer = try TimerDescriptor()
    var poller = try ReadinessPoller()
    try poller.add(timer.rawValue, token: 0, interest: .readable)
    timer.set(nanoseconds: 1)
    timer.set(nanoseconds: MonotonicClock.nowNanoseconds + 3_600_000_000_000)
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
  }
}

@Suite("A connection that nobody waits for")
struct BeginConnectTests {
  @Test("is there when it is writable, and knows where it goes")
  func connects() throws {
    let listener = try ListeningSocket(host: "127.0.0.1", port: 0)
    let client = try OwnedDescriptor.beginConnecting(to: listener.address)
    let isReady = client.waitUntil(.writable, timeoutMilliseconds: waitMilliseconds)
    #expect(isReady)
    let (errorNumber, remote) = (try client.takePendingError(), client.remoteAddress())
    #expect(errorNumber == 0 && remote == listener.address)
  }

  @Test("says what it failed of")
  func refused() throws {
    let address = try #require(InternetAddress(literal: "127.0.0.1", port: nobodysPort))
    let client = try OwnedDescriptor.beginConnecting(to: address)
    let isReady = client.waitUntil(.writable, timeoutMilliseconds: waitMilliseconds)
    #expect(isReady)
    let (errorNumber, remote) = (try client.takePendingError(), client.remoteAddress())
    #expect(errorNumber != 0 && remote == nil)
  }
}
