import LinuxSystem
import TLS
import TerminalClient

/// Many connections from one machine, with the certificates of some terminals in turn.
final class Crowd {
  /// A server takes 128 of one address at a time, and closes what is above.
  private static let handshakesInFlightMax = 64
  private static let silenceNanosecondsMax: UInt64 = 30_000_000_000
  private static let waitMilliseconds: Int32 = 100

  private let address: InternetAddress
  private let members: [CrowdMember]
  private var poller: ReadinessPoller
  private var buffer = FileBuffer(byteCount: 16_384)

  /// Reads certificates, and connects nothing yet.
  ///
  /// Without a probe it is an echo of posd's.
  init(
    count: Int, host: String, port: UInt16, _ profiles: [TerminalProfile], _ probe: Probe?
  ) throws {
    guard let address = InternetAddress(literal: host, port: port) else {
      throw BenchmarkError.inputUnusable(file: host, reason: "not an address")
    }
    self.address = address
    _ = try CurrentProcess.raiseOpenFileLimit()
    ignoreBrokenPipe()
    let credentials = try profiles.map { profile in
      let context = try TLSClientContext(
        authorityFile: profile.authorityFile, certificateFile: profile.certificateFile,
        privateKeyFile: profile.privateKeyFile, expectedHost: host)
      return (context, probe ?? .echo(profile))
    }
    members = (0..<count).map { place in
      let (context, probe) = credentials[place % credentials.count]
      return CrowdMember(context, probe)
    }
    poller = try ReadinessPoller()
  }

  /// Connects all, as fast as the server lets them in; every one is answered when it returns.
  func open() throws(BenchmarkError) {
    var nextMember = 0
    var underWay = 0
    var lastHeard = MonotonicClock.nowNanoseconds
    while nextMember < members.count || underWay > 0 {
      while nextMember < members.count, underWay < Self.handshakesInFlightMax {
        try begin(nextMember)
        nextMember += 1
        underWay += 1
      }
      let readyCount = poller.wait(timeoutMilliseconds: Self.waitMilliseconds)
      let now = MonotonicClock.nowNanoseconds
      if readyCount > 0 { lastHeard = now }
      guard now - lastHeard < Self.silenceNanosecondsMax else {
        throw .noAnswer(milliseconds: Self.silenceNanosecondsMax / 1_000_000)
      }
      for place in 0..<readyCount {
        if try advance(Int(poller.event(at: place).token)) { underWay -= 1 }
      }
    }
  }

  /// Cuts all at once.
  func cut() {
    for member in members { member.cut() }
  }

  /// Throws unless the server has kept every connection, and has said nothing on any.
  func expectAllOpen() throws(BenchmarkError) {
    for member in members where !member.isStillOpen(&buffer) {
      throw .connectionLost(reason: "an idle connection was ended")
    }
  }

  private func begin(_ place: Int) throws(BenchmarkError) {
    try members[place].begin(to: address)
    guard let descriptor = members[place].rawValue else { return }
    do throws(SystemError) {
      try poller.add(descriptor, token: UInt64(place), interest: .writable)
    } catch {
      throw .system(error)
    }
  }

  /// Whether it is in now.
  private func advance(_ place: Int) throws(BenchmarkError) -> Bool {
    let member = members[place]
    let interest = try member.advance(&buffer)
    guard let descriptor = member.rawValue else { return true }
    guard let interest else {
      poller.remove(descriptor)
      return true
    }
    do throws(SystemError) {
      try poller.modify(descriptor, token: UInt64(place), interest: interest)
    } catch {
      throw .system(error)
    }
    return false
  }
}
