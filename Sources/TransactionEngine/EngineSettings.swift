public import TransactionModel
import WriteAheadLog

/// What an installation chooses of the engine's rules and limits.
public struct EngineSettings: Sendable {
  public var environment: Environment
  /// A change timed later than this ahead of the server is refused.
  public var aheadMillisecondsMax: UInt64 = 5 * 60 * 1000
  /// A change older than this is refused, unless it was stored and forwarded.
  public var changeAgeMillisecondsMax: UInt64 = 15 * 60 * 1000
  /// A stored-and-forward change older than this is refused.
  public var storedAgeMillisecondsMax: UInt64 = 72 * 3600 * 1000
  /// Answers kept for repeats, per terminal.
  public var storedAnswerCountMax = 256
  /// How long an answer is kept for repeats.
  public var storedAnswerAgeMillisecondsMax: UInt64 = 7 * 24 * 3600 * 1000
  /// How long a change may be reversed.
  public var reversalMillisecondsMax: UInt64 = 24 * 3600 * 1000
  /// How many changes may be reversed at a time; the oldest give way.
  public var reversibleChangeCountMax = 262_144
  /// A terminal whose clock is further off than this is told so.
  public var clockAllowanceMilliseconds: UInt64 = 60 * 1000
  /// Inactivity after which an operator is signed off.
  public var operatorIdleSeconds: UInt32 = 20 * 60
  /// A restart takes up no session that the log has heard nothing of for so long: a working day.
  public var sessionRevivalMillisecondsMax: UInt64 = 3600 * 1000
  /// Wrong secrets in a row that lock an operator.
  public var wrongSecretCountMax = 5
  /// How long a secret is good that the office gave out.
  public var issuedSecretMillisecondsMax: UInt64 = 24 * 3600 * 1000
  /// Told to terminals at sign-on; the server keeps it.
  public var connectionIdleSeconds: UInt32 = 30 * 60
  /// Told to terminals at sign-on; the server keeps it.
  public var framesInFlightMax: UInt16 = 64
  /// How long a terminal is asked to wait when posd cannot do it now.
  public var retryAfterMilliseconds: UInt32 = 2000
  /// The most that a batch of the log takes.
  public var batchByteCountMax = LogGeometry.batchByteCountMaxDefault
  /// How many cards to make room for at once.
  public var expectedCardCount = 100_000

  public init(environment: Environment) { self.environment = environment }
}
