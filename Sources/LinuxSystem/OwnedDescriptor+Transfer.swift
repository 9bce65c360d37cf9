import Glibc

/// How one receive or send on a non-blocking socket ended.
public enum TransferOutcome: Hashable, Sendable {
  /// So many bytes went over, at least one.
  case transferred(byteCount: Int)
  /// Repeat when the descriptor is ready.
  case wouldBlock
  /// The peer has closed its end, or its connection is gone.
  case peerClosed
  case failed(SystemError)
}

extension OwnedDescriptor {
  /// Receives once into the free tail of a buffer, which has room for at least one byte.
  public func receive(into tail: inout OutputRawSpan) -> TransferOutcome {
    precondition(!tail.isFull, "no room to receive into")
    return unsafe tail.withUnsafeMutableBytes { region, initializedCount in
      let outcome = systemCall("recv") {
        unsafe recv(
          rawValue, region.baseAddress?.advanced(by: initializedCount),
          region.count - initializedCount, 0)
      }
      if case .success(let byteCount) = outcome { initializedCount += byteCount }
      return TransferOutcome(outcome)
    }
  }

  /// Whether the peer has ended the connection and nothing that it sent is left to receive.
  public var isAtEnd: Bool {
    var byte: UInt8 = 0
    let outcome = systemCall("recv") {
      unsafe recv(rawValue, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT))
    }
    if case .success(0) = outcome { return true }
    return false
  }

  /// Sends the front of some bytes, of which there is at least one.
  ///
  /// A peer that is gone is an outcome here and never the signal that ends the process.
  public func send(_ bytes: RawSpan) -> TransferOutcome {
    precondition(!bytes.isEmpty, "nothing to send")
    return unsafe bytes.withUnsafeBytes { region in
      let outcome = systemCall("send") {
        unsafe Glibc.send(rawValue, region.baseAddress, region.count, Int32(MSG_NOSIGNAL))
      }
      return TransferOutcome(outcome)
    }
  }

  /// Waits until the descriptor is ready or has failed; false when the time ran out.
  ///
  /// A negative timeout waits without end.
  public func waitUntil(_ interest: ReadinessInterest, timeoutMilliseconds: Int32) -> Bool {
    var events: Int32 = 0
    if interest.contains(.readable) { events |= POLLIN }
    if interest.contains(.writable) { events |= POLLOUT }
    var entry = pollfd(fd: rawValue, events: Int16(events), revents: 0)
    let deadline = MonotonicClock.nowMilliseconds + UInt64(max(0, timeoutMilliseconds))
    var remaining = timeoutMilliseconds
    let outcome = systemCall("poll") {
      let count = unsafe poll(&entry, 1, remaining)
      if count < 0 && timeoutMilliseconds > 0 {
        let now = MonotonicClock.nowMilliseconds
        remaining = now < deadline ? Int32(deadline - now) : 0
      }
      return count
    }
    guard case .success(let count) = outcome else { preconditionFailure("poll") }
    precondition(Int32(entry.revents) & POLLNVAL == 0, "not an open descriptor")
    return count > 0
  }
}

extension TransferOutcome {
  fileprivate init(_ outcome: Result<Int, SystemError>) {
    switch outcome {
    case .success(let byteCount):
      self = byteCount > 0 ? .transferred(byteCount: byteCount) : .peerClosed
    case .failure(let error):
      switch error.errorNumber {
      case EAGAIN: self = .wouldBlock
      case EPIPE, ECONNRESET: self = .peerClosed
      default: self = .failed(error)
      }
    }
  }
}
