import LinuxSystem
import Testing
import TransactionModel

@testable import TerminalClient

@Suite("TraceNumberFile")
struct TraceNumberFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func open() throws -> TraceNumberFile {
    try TraceNumberFile(Directory(path: directory.path), name: "stan", path: "stan")
  }

  @Test("begins at 1 and goes on where it was")
  func goesOn() throws {
    for start in stride(from: UInt32(1), through: 9, by: 3) {
      var file = try open()
      for number in start..<(start + 3) { #expect(try file.advance().rawValue == number) }
    }
  }

  @Test("has the number on disk before it gives it", arguments: 1...4)
  func durableFirst(count: Int) throws {
    var file = try open()
    for _ in 0..<count { _ = try file.advance() }
    // Another opening sees it although the first one is still open.
    #expect(try open().newest == UInt32(count))
  }

  @Test("gives the number before when the newest slot is torn, at every byte", arguments: [1, 2])
  func tornSlot(newest: UInt32) throws {
    var file = try open()
    for _ in 0..<newest { _ = try file.advance() }
    let sound = try directory.bytes(of: "stan")
    let slot = newest % 2 == 1 ? 4096 : 0
    try #require(sound.count >= slot + 86)
    for offset in slot..<(slot + 86) {
      var torn = sound
      torn[offset] ^= 1
      try directory.write(torn, to: "stan")
      #expect(try open().newest == newest - 1)
      torn = sound
      for rest in offset..<(slot + 86) { torn[rest] = 0 }
      try directory.write(torn, to: "stan")
      #expect(try open().newest == newest - 1)
    }
  }

  @Test("refuses a file without a valid slot", arguments: [[], [UInt8](repeating: 0, count: 8192)])
  func damaged(bytes: [UInt8]) throws {
    try directory.write(bytes, to: "stan")
    do throws(TerminalError) {
      _ = try TraceNumberFile(
        Self.directory(directory.path), name: "stan", path: "stan")
      Issue.record("it was opened")
    } catch {
      guard case .traceNumberDamaged = error else { throw error }
    }
  }

  @Test("begins anew over what a crash left of its making")
  func leftover() throws {
    try directory.write([1, 2, 3], to: "stan.new")
    var file = try open()
    #expect(try file.advance().rawValue == 1)
  }

  @Test("is raised, and never lowered")
  func raised() throws {
    var file = try open()
    try file.raise(to: 100)
    try file.raise(to: 50)
    #expect(try file.advance().rawValue == 101)
    #expect(try open().newest == 101)
  }

  @Test("begins again at 1 after the last number, and stays there when it is opened anew")
  func wraps() throws {
    do {
      var file = try open()
      try file.raise(to: UInt32.max - 1)
      #expect(try file.advance().rawValue == UInt32.max)
      #expect(try file.advance().rawValue == 1)
      #expect(try file.advance().rawValue == 2)
    }
    var file = try open()
    #expect(file.newest == 2)
    #expect(try file.advance().rawValue == 3)
    // The largest numbers are now the older ones.
    try file.raise(to: UInt32.max - 5)
    #expect(file.newest == 3)
    try file.raise(to: 10)
    #expect(file.newest == 10)
  }

  @Test(
    "goes on well clear of what the server has seen, unless it knows more",
    arguments: [
      (0, 0, 1), (0, 700, 1_701), (5, 5, 6), (5, 4, 6), (5, 6, 1_007),
      (1, 3_000_000_000, 3_000_001_001),
      (0, UInt32.max, 1_001), (0, UInt32.max - 1_000, 1),
    ] as [(UInt32, UInt32, UInt32)])
  func goesOnAfter(own: UInt32, seen: UInt32, next: UInt32) throws {
    var file = try open()
    try file.raise(to: own)
    try file.goOn(after: seen)
    #expect(try file.advance().rawValue == next)
  }

  @Test("is one process's at a time, and nobody else's to read")
  func locked() throws {
    let terminal = TerminalID(rawValue: 7)
    let path = directory.file("state")
    do {
      var state = try TerminalState(path: path, terminal: terminal)
      _ = try state.traceNumbers.advance()
      do throws(TerminalError) {
        _ = try TerminalState(path: path, terminal: terminal)
        Issue.record("two have it")
      } catch {
        guard case .stateInUse(_, CurrentProcess.identifier) = error else { throw error }
      }
    }
    let again = try TerminalState(path: path, terminal: terminal)
    #expect(again.traceNumbers.newest == 1)
  }

  private static func directory(_ path: String) throws(TerminalError) -> Directory {
    do throws(SystemError) {
      return try Directory(path: path)
    } catch {
      throw .stateUnusable(path: path, error)
    }
  }
}
