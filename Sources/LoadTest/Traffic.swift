import WireFormat

/// Where requests come from, and where their answers go.
protocol Traffic: AnyObject {
  /// Takes note of the time: of requests that have come due.
  func advance(_ driver: LoadDriver, to now: UInt64) throws(LoadError)

  /// The next request for a connection; nil while there is none for it.
  ///
  /// The driver gives it terminal, number and time.
  func next(for connection: LoadConnection, _ driver: LoadDriver, at now: UInt64) -> Exchange?

  /// Takes an answer that the driver has judged and, if it was right, entered in the book.
  func answered(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ judgement: Judgement,
    _ driver: LoadDriver)

  /// Whether there is nothing to send now on any connection, whichever is asked for.
  var isEmptyForAll: Bool { get }

  /// How many requests wait for a connection, where connections are made when they are wanted; nil
  /// where they are kept open.
  var waitingCount: Int? { get }

  /// When there is something new to send, if nothing happens before.
  var nextMoment: UInt64? { get }

  /// Whether there is nothing more to send.
  func isOver(at now: UInt64) -> Bool
}

extension Traffic {
  func advance(_ driver: LoadDriver, to now: UInt64) throws(LoadError) {}
  var nextMoment: UInt64? { nil }
  var isEmptyForAll: Bool { false }
  var waitingCount: Int? { nil }
}
