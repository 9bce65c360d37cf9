import TransactionModel

/// What the simulations' installations choose of the limits that the models know.
struct SimulationLimits {
  var reversalMilliseconds: UInt64 = 24 * 3_600_000
  var storedAnswerCount = 256
}

/// A change that the log holds.
struct LoggedTransaction {
  var position: LogPosition
  var key: ChangeKey
  var type: MessageType
  var code: ResponseCode
  var transactionTime: Instant
  var serverTime: Instant
  /// Of a reversal what it names.
  var original: (key: ChangeKey, transactionTime: Instant)?
}

/// Which changes of a terminal are remembered: the last so many, reversals that came first among
/// them (SPECIFICATION.md, 11.10).
struct StoreModel {
  private var answers: [(key: ChangeKey, time: Instant)] = []
  private var forgottenThrough = Instant.none
  private let limits: SimulationLimits

  init(_ limits: SimulationLimits) { self.limits = limits }

  /// Takes a transaction; says of a reversal whether its original may have been dropped before.
  mutating func note(_ transaction: LoggedTransaction) -> Bool {
    var isForgotten = false
    if let original = transaction.original {
      isForgotten =
        original.transactionTime <= forgottenThrough
        && !answers.contains { $0.key == original.key }
      if transaction.code == .reversalRemembered, !isForgotten {
        remember((original.key, original.transactionTime))
      }
    }
    remember((transaction.key, transaction.transactionTime))
    return isForgotten
  }

  private mutating func remember(_ answer: (key: ChangeKey, time: Instant)) {
    if answers.count == limits.storedAnswerCount {
      forgottenThrough = max(forgottenThrough, answers.removeFirst().time)
    }
    answers.append(answer)
  }
}
