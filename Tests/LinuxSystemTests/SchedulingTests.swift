import Foundation
import Glibc
import Synchronization
import Testing

@testable import LinuxSystem

@Suite("The scheduler is told")
struct SchedulingTests {
  @Test("that a thread which others wait for runs soon, and no more than before")
  func promptThread() throws {
    let facts = Mutex<(niceness: Int32, policy: Int32)>((0, 0))
    let thread = try LinuxSystem.Thread(name: "prompt") {
      var none = sched_param()
      let batch: Int32 = 3
      _ = unsafe sched_setscheduler(0, batch, &none)
      try? LinuxSystem.Thread.setNicenessOfCurrent(7)
      LinuxSystem.Thread.runCurrentPromptly()
      facts.withLock { $0 = (getpriority(0, 0), sched_getscheduler(0)) }
    }
    thread.join()
    #expect(facts.withLock { $0 } == (7, 3))
  }

  @Test("so by slices of the least length", .enabled(if: sliceOfCurrent != nil && hasOwnSlices))
  func slices() throws {
    let facts = Mutex<(before: Int?, after: Int?)>((nil, nil))
    let thread = try LinuxSystem.Thread(name: "prompt") {
      let before = Self.sliceOfCurrent
      LinuxSystem.Thread.runCurrentPromptly()
      facts.withLock { $0 = (before, Self.sliceOfCurrent) }
    }
    thread.join()
    let (before, after) = facts.withLock { $0 }
    #expect(before != 100_000 && after == 100_000)
  }

  @Test("that programs which an idle thread starts wait for all others, from the beginning")
  func program() throws {
    let outcome = Mutex<(status: Int32, text: String)>((-1, ""))
    let thread = try LinuxSystem.Thread(name: "idle") {
      try? LinuxSystem.Thread.runCurrentWhenIdle()
      let child = try? ChildProgram(path: "/bin/cat", arguments: ["cat", "/proc/self/stat"])
      if let child { outcome.withLock { $0 = child.wait() } }
    }
    thread.join()
    let (status, text) = outcome.withLock { $0 }
    #expect(status == 0)
    // Behind the name in parentheses the third field comes first; the policy is the 41st, and 5 is
    // SCHED_IDLE.
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    try #require(fields.count > 41 - 3)
    #expect(fields[41 - 3] == "5")
  }

  @Test("and a program's end and its words are told by waiting for it")
  func programEnd() throws {
    let failing = try ChildProgram(
      path: "/bin/sh", arguments: ["sh", "-c", "echo one; echo two >&2; exit 3"])
    #expect(failing.wait() == (3, "one\ntwo\n"))
    let endless = try ChildProgram(path: "/bin/sleep", arguments: ["sleep", "600"])
    endless.kill()
    #expect(endless.wait() == (-SIGKILL, ""))
  }

  /// Whether the kernel is 6.12 or newer.
  private static var hasOwnSlices: Bool {
    let text = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
    let numbers = (text ?? "").split(separator: ".").prefix(2).compactMap { Int($0) }
    return numbers.count == 2 && (numbers[0], numbers[1]) >= (6, 12)
  }

  /// In nanoseconds; nil where the kernel does not say.
  private static var sliceOfCurrent: Int? {
    guard let text = try? String(contentsOfFile: "/proc/thread-self/sched", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("se.slice") })
    else { return nil }
    return line.split(separator: " ").last.flatMap { Int($0) }
  }
}
