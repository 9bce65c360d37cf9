import Foundation
import Testing

@testable import LinuxSystem

@Suite("A readiness poller")
struct PollingTests {
  @Test("reports the token and what is ready, as long as it is")
  func levels() throws {
    let loopback = try Loopback()
    var poller = try ReadinessPoller()
    let token = UInt64.max - 7
    try poller.add(loopback.server.rawValue, token: token, interest: .readable)
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
    _ = loopback.client.send([1])
    for _ in 0..<2 {
      #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
      #expect(
        poller.event(at: 0)
          == ReadinessEvent(
            token: token, isReadable: true, isWritable: false, hasEnded: false, isHungUp: false))
    }
    try poller.modify(
      loopback.server.rawValue, token: 5, interest: [.readable, .writable])
    #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
    #expect(
      poller.event(at: 0)
        == ReadinessEvent(
          token: 5, isReadable: true, isWritable: true, hasEnded: false, isHungUp: false))
    try poller.modify(loopback.server.rawValue, token: 5, interest: [])
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
    poller.remove(loopback.server.rawValue)
  }

  @Test("reports that a peer sends nothing more, to those who watch for reading")
  func ended() throws {
    let loopback = try Loopback()
    var poller = try ReadinessPoller()
    try poller.add(loopback.server.rawValue, token: 1, interest: .readable)
    loopback.client.shutdownWrite()
    #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
    #expect(
      poller.event(at: 0)
        == ReadinessEvent(
          token: 1, isReadable: true, isWritable: false, hasEnded: true, isHungUp: false))
    try poller.modify(loopback.server.rawValue, token: 1, interest: .writable)
    #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
    #expect(!poller.event(at: 0).hasEnded)
  }

  @Test("reports a dead connection whether asked or not")
  func hangUp() throws {
    let loopback = try Loopback()
    var poller = try ReadinessPoller()
    try poller.add(loopback.server.rawValue, token: 1, interest: [])
    loopback.client.shutdownWrite()
    loopback.server.shutdownWrite()
    #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
    #expect(poller.event(at: 0).isHungUp == true)
  }

  @Test("reports no more at once than it has room for, and the rest later")
  func manyEvents() throws {
    var poller = try ReadinessPoller(eventCountMax: 2)
    let first = try EventDescriptor()
    let second = try EventDescriptor()
    let third = try EventDescriptor()
    for (index, rawValue) in [first.rawValue, second.rawValue, third.rawValue].enumerated() {
      try poller.add(rawValue, token: UInt64(index), interest: .readable)
    }
    first.signal()
    second.signal()
    third.signal()
    var seen: Set<UInt64> = []
    for _ in 0..<3 {
      #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 2)
      for index in 0..<2 {
        let event = poller.event(at: index)
        seen.insert(event.token)
      }
    }
    #expect(seen == [0, 1, 2])
  }

  @Test("is woken by another thread, once for many signals")
  func wakeUp() throws {
    let wake = try EventDescriptor()
    var poller = try ReadinessPoller()
    try poller.add(wake.rawValue, token: 9, interest: .readable)
    let rawValue = wake.rawValue
    let thread = try LinuxSystem.Thread(name: "waker") {
      for _ in 0..<3 { _ = eventfdSignal(rawValue) }
    }
    #expect(poller.wait(timeoutMilliseconds: waitMilliseconds) == 1)
    thread.join()
    #expect(wake.drain() == true)
    #expect(wake.drain() == false)
    #expect(poller.wait(timeoutMilliseconds: 0) == 0)
  }

  @Test("traps on a descriptor that is not watched")
  func notWatched() async {
    await #expect(processExitsWith: .failure) {
      let poller = try ReadinessPoller()
      let event = try EventDescriptor()
      poller.remove(event.rawValue)
    }
  }
}

/// What `EventDescriptor.signal` does, for a thread that cannot borrow the owner.
private func eventfdSignal(_ rawValue: Int32) -> Int {
  var one: UInt64 = 1
  return unsafe write(rawValue, &one, 8)
}

@Suite("A process")
struct ProcessTests {
  @Test("gets its signals by descriptor instead of dying of them")
  func signals() async {
    await #expect(processExitsWith: .success) {
      let descriptor = try SignalDescriptor()
      precondition(descriptor.next() == nil)
      for signal in ProcessSignal.allCases {
        // To this thread alone: the test's process has others that were there before.
        raise(signal.rawValue)
        precondition(descriptor.next() == signal)
        precondition(descriptor.next() == nil)
      }
    }
  }

  @Test("ends at once with the status it is told")
  func exitNow() async {
    await #expect(processExitsWith: .exitCode(7)) { CurrentProcess.exitNow(status: 7) }
  }

  @Test("has threads with names that run to their end")
  func threads() throws {
    let result = ResultBox()
    let thread = try LinuxSystem.Thread(name: "fifteen-letters") {
      result.name = (try? String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)) ?? ""
      try? LinuxSystem.Thread.setNicenessOfCurrent(19)
      result.niceness = getpriority(0, 0)
    }
    thread.join()
    #expect(result.name == "fifteen-letters\n")
    #expect(result.niceness == 19)
    #expect(getpriority(0, 0) != 19)
  }

  @Test("knows its clocks, its processors and its limits")
  func facts() throws {
    let monotonic = MonotonicClock.nowNanoseconds
    #expect(MonotonicClock.nowNanoseconds >= monotonic)
    // 2020-01-01: a machine with a sane clock is past it.
    #expect(WallClock.nowMilliseconds > 1_577_836_800_000)
    let before = CurrentProcess.processorTimeNanoseconds
    var sum: UInt64 = 1
    while CurrentProcess.processorTimeNanoseconds == before { sum &*= 31 }
    #expect(CurrentProcess.processorCount >= 1)
    let limit = try CurrentProcess.raiseOpenFileLimit()
    #expect(try CurrentProcess.raiseOpenFileLimit() == limit)
  }

  @Test("traps on a descriptor that is not open")
  func badDescriptor() async {
    await #expect(processExitsWith: .failure) {
      let loopback = try Loopback()
      close(loopback.server.rawValue)
      _ = loopback.server.send([1])
    }
  }

  @Test("makes an interrupted call again, and no other")
  func interrupted() {
    var errors = [EINTR, EINTR, EAGAIN, EINTR]
    let failed = systemCall("read") {
      errno = errors.removeFirst()
      return -1
    }
    #expect(failed == .failure(SystemError(errorNumber: EAGAIN, call: "read")))
    #expect(errors == [EINTR])
    let succeeded = systemCall("read") {
      errno = EINTR
      return errors.popLast() == nil ? 7 : -1
    }
    #expect(succeeded == .success(7))
  }

  @Test("has errors that say the call and the reason, and nothing else")
  func errors() {
    let error = SystemError(errorNumber: EADDRINUSE, call: "bind")
    #expect(error.description == "bind: Address already in use (errno 98)")
    #expect(error == SystemError(errorNumber: EADDRINUSE, call: "bind"))
    #expect(error != SystemError(errorNumber: EADDRINUSE, call: "listen"))
    #expect(
      SystemError(errorNumber: 9_999, call: "x").description == "x: unknown error (errno 9999)")
  }
}

/// Written by one thread, read after it was joined.
private final class ResultBox: @unchecked Sendable {
  var name = ""
  var niceness: Int32 = 0
}
