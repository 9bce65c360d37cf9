import LinuxSystem
import Synchronization

/// How many connections are open, altogether and by peer address; shared by all threads.
final class ConnectionAllowance: Sendable {
  private struct Counts {
    var open = 0
    var byAddress: [UInt128: Int] = [:]
  }

  private let counts = Mutex(Counts())
  private let countMax: Int
  private let countPerAddressMax: Int
  /// Rung when a full server has room again.
  private let roomBell: Mailbox<HandshakeThreadMessage>

  init(limits: ServerLimits, roomBell: Mailbox<HandshakeThreadMessage>) {
    countMax = limits.connectionCountMax
    countPerAddressMax = limits.connectionsPerAddressMax
    self.roomBell = roomBell
  }

  var openCount: Int { counts.withLock { $0.open } }

  var hasRoom: Bool { openCount < countMax }

  /// Counts a new connection; false, and nothing counted, if its address has all it may have.
  func take(for address: InternetAddress) -> Bool {
    counts.withLock { counts in
      let ofAddress = counts.byAddress[address.allowanceKey, default: 0]
      guard ofAddress < countPerAddressMax else { return false }
      counts.byAddress[address.allowanceKey] = ofAddress + 1
      counts.open += 1
      return true
    }
  }

  func giveBack(for address: InternetAddress) {
    let wasFull = counts.withLock { counts in
      let ofAddress = counts.byAddress[address.allowanceKey, default: 0]
      precondition(ofAddress > 0 && counts.open > 0, "a connection was given back twice")
      counts.byAddress[address.allowanceKey] = ofAddress == 1 ? nil : ofAddress - 1
      counts.open -= 1
      return counts.open == countMax - 1
    }
    if wasFull { roomBell.ring() }
  }
}

extension InternetAddress {
  /// What limits by address go by: of version 6, the 64 bits that one subscriber is given.
  var allowanceKey: UInt128 { isVersion4 ? bits : (bits >> 64) << 64 }
}
