import TransactionModel
import WireFormat

/// A request of a load test, from the moment that it is due to its answer.
///
/// It holds no bytes: its frame is a function of it, so that it can be made again for a repeat.
struct Exchange {
  var kind: MessageKind
  /// Index of the stage that it counts for; nil when it is not measured.
  var stage: Int?
  /// When it was to be sent, and when it was, on the monotonic clock.
  var intendedNanoseconds: UInt64
  var sentNanoseconds: UInt64 = 0
  /// Index of the terminal.
  var terminal = 0
  var traceNumber: UInt32 = 0
  var time = Instant.none
  /// Whether it was sent before, without an answer.
  var isRepeat = false
  /// A sign-on that the test needs, and that is no part of it.
  var keepsSession = false
  /// How often it was refused for want of a sign-on.
  var refusedCount = 0
  /// Index of the card; -1 for none.
  var card = -1
  /// What was known of the card when it was sent.
  var before = CardState()
  /// What has to come of it, for changes.
  var after = CardState()
  var malformation: Malformation?
  /// Of a repeat: what is sent again.
  var originalKind: MessageKind?
  /// Of a repeat and of a question for a stored answer: the first answer's digest.
  var originalDigest: UInt128 = 0
  /// Of a reversal and of a question for a stored answer: the change that it is about.
  var original: Original?

  init(_ kind: MessageKind, intendedNanoseconds: UInt64, stage: Int? = nil) {
    self.kind = kind
    self.intendedNanoseconds = intendedNanoseconds
    self.stage = stage
  }

  /// A change, by what names it on the wire.
  struct Original: Equatable {
    var terminal: Int
    var traceNumber: UInt32
    var kind: MessageKind
    var time: Instant
    /// What the card was before it.
    var before: CardState
  }

  /// This exchange, as another one names it.
  var asOriginal: Original {
    Original(
      terminal: terminal, traceNumber: traceNumber, kind: kind, time: time, before: before)
  }

  /// The California day of the transaction.
  var day: CalendarDate { PacificTime.date(at: time) }

  /// The version of the record that the answer to a change tells: in training one that is not made.
  var answeredVersion: UInt32 { frameKind == .training ? after.version + 1 : after.version }

  /// The kind of the frame.
  var frameKind: MessageKind { originalKind ?? kind }

  /// What is needed of it to send it again after it was answered.
  func repeated(
    intendedNanoseconds: UInt64, stage: Int?, digest: UInt128
  ) -> Exchange {
    var again = self
    again.kind = .repeat
    again.originalKind = kind
    again.originalDigest = digest
    again.isRepeat = true
    again.intendedNanoseconds = intendedNanoseconds
    again.stage = stage
    return again
  }
}
