/// What the rounds of a comparison have given, by what was asked for and how.
struct MeasuredRounds {
  /// How a server was loaded, as far as rows differ in it.
  enum Manner {
    /// One connection, one request in flight.
    case alone
    /// Many connections, one request in flight on each.
    case single
    /// Many connections, many requests in flight on each.
    case many
    /// Open loop.
    case paced

    init(_ load: LoadResult) {
      switch (load.rate, load.connectionCount, load.inFlightMax) {
      case (.some, _, _): self = .paced
      case (nil, 1, _): self = .alone
      case (nil, _, 1): self = .single
      case (nil, _, _): self = .many
      }
    }
  }

  let loads: [LoadResult]
  let figures: [Figure]

  var rounds: [Int] { Set(loads.map(\.round) + figures.map(\.round)).sorted() }

  func figure(_ name: Figure.Name, _ server: String, _ round: Int) -> Double? {
    figures.last { $0.name == name && $0.server == server && $0.round == round }?.value
  }

  /// One kind's figure divided by another's, of the same round and manner.
  func ratio(
    _ kind: String, _ other: String, _ manner: Manner, _ round: Int,
    _ value: (Measurement) -> Double
  ) -> Double? {
    guard let own = measurement(kind, manner, round).map(value),
      let divisor = measurement(other, manner, round).map(value), divisor > 0
    else { return nil }
    return own / divisor
  }

  /// How much longer a change takes, in microseconds, than a bare fdatasync of the same round.
  func aboveSync(_ kind: String, _ round: Int) -> Double? {
    guard let own = measurement(kind, .alone, round), let sync = figure(.syncMedian, "posd", round)
    else { return nil }
    return Double(own.p50) / 1_000 - sync
  }

  private func measurement(_ kind: String, _ manner: Manner, _ round: Int) -> Measurement? {
    loads.last { load in
      load.kind == kind && load.round == round && Manner(load) == manner
    }?.measurement
  }
}
