public import Cryptography
import EligibilityIndex
public import EligibilityPolicy
import Synchronization
import TransactionModel
import WireFormat
import WriteAheadLog

/// Decides transactions: look up, apply the rules, stage the record, make the answer.
///
/// Room 2 of the house: it has no clock, no socket and no file. State changes when a change is
/// staged, so that the next request in the same batch sees it; nobody may be told anything before
/// the position in its `Disposition` is durable (LOG_FORMAT.md).
public struct TransactionEngine: ~Copyable {
  /// Holds the engine where it is: methods that only read would get a copy of all of it each, but
  /// what has an atomic in it has an address, and is passed by it.
  private let anchor = Atomic<Bool>(false)
  let settings: EngineSettings
  /// The rules that decide; replaced as a whole.
  var policy: PolicyBook
  var confirmations: KeyedPermutation
  var index: EligibilityIndex
  var register = SiteRegister()
  var duplicates: DuplicateStore
  var undoStore: UndoStore
  var credentials: OperatorCredentials
  var sessions = SessionTable()
  var activities = IdentifierTable<TerminalID, TerminalActivity>()
  var batch: LogBatch
  var currentDay = CurrentDay()
  /// The position of the last change to the register: every answer rests on the register.
  var registerPosition = LogPosition.zero
  var policyJournal = PolicyJournal()
  var work = EngineWork()
  /// How much was added when memory is due to be provided ahead again; none before that is asked
  /// for, and while it is to be.
  var memoryDueCount: Int?
  /// Since when the log takes no changes, as far as a request has met it; none while it does.
  var changesUnavailableSince = Instant.none
  /// The server time of the newest record; time never goes back in the log.
  var newestServerTime = Instant.none

  /// An engine that knows nothing yet: `replay` fills it.
  ///
  /// `confirmationKey` are the 32 bytes that make confirmation numbers and operators' secrets
  /// unguessable, part of every backup; `hashSeed` is a random number for the index.
  public init(
    settings: EngineSettings, policy: PolicyBook, confirmationKey: [UInt8], hashSeed: UInt64
  ) throws(CryptographyError) {
    let confirmations = try KeyedPermutation(key: confirmationKey)
    let digester = try SecretDigester(confirmationKey: confirmationKey)
    self.settings = settings
    self.policy = policy
    self.confirmations = confirmations
    index = EligibilityIndex(expectedCount: settings.expectedCardCount, hashSeed: hashSeed)
    duplicates = DuplicateStore(
      countMax: settings.storedAnswerCountMax,
      ageMillisecondsMax: settings.storedAnswerAgeMillisecondsMax)
    undoStore = UndoStore(
      countMax: settings.reversibleChangeCountMax,
      ageMillisecondsMax: settings.reversalMillisecondsMax)
    batch = LogBatch(
      byteCapacity: settings.batchByteCountMax, after: .zero, newestServerTimeMilliseconds: 0)
    credentials = OperatorCredentials(settings, digester)
  }

  /// Decides one request that has passed `FrameCheck`, and encodes the answer into `reply`.
  ///
  /// The order of the checks is that of SPECIFICATION.md: certificate and terminal, terminal not
  /// blocked, duplicate store, clock, operator and role, business. `digest` is that of the
  /// request's content; only changes need it.
  mutating func decide(
    _ request: borrowing FrameView, _ type: MessageType, digest: UInt128,
    from identity: CertificateIdentity, at now: Instant, changesAvailable: Bool,
    into reply: inout FrameBuffer
  ) -> Disposition {
    let isJournalled = Self.isJournalled(request, type)
    if isJournalled, !batch.hasRoom(bodyByteCount: TransactionRecord.byteCountMax) {
      return Disposition(mustWaitForRoom: true)
    }
    let now = max(now, newestServerTime)
    noteAvailability(changesAvailable, at: now)
    var disposition: Disposition
    var activityPlace: Int?
    var end = TerminalActivity.End.answered
    do throws(Refusal) {
      let terminal = try identify(request, identity)
      activityPlace = self.activityPlace(of: terminal.id)
      let isChange = Self.countsAsChange(request, type)
      let acquaintance =
        isChange ? try acquaintance(with: request, digest: digest, into: &reply) : .new
      if case .answered(let position, let card) = acquaintance {
        disposition = Disposition(waitPosition: position)
        disposition.card = card
        end = .repeat
      } else {
        let caller = try authorize(
          request, type, identity, terminal: terminal, isChange: isChange, at: now)
        if isJournalled, !changesAvailable { throw systemRefusal(.changesUnavailable) }
        if case .reversed = acquaintance {
          disposition = declineReversed(request, type, digest: digest, caller, into: &reply)
        } else {
          disposition = try transact(request, type, digest: digest, caller: caller, into: &reply)
        }
        disposition.waitPosition = max(disposition.waitPosition, caller.signOnPosition)
        if isChange { end = .change }
      }
    } catch {
      end = .refusal
      reply.encodeRefusal(
        error.code, field: error.field, retryAfterMilliseconds: error.retryAfterMilliseconds,
        replyingTo: request)
      disposition = Disposition(
        waitPosition: error.restsOn, isSecurityEvent: error.isSecurityEvent)
    }
    if let activityPlace {
      let number = request.traceNumber
      activities.change(at: activityPlace) {
        $0.note(number, end, isByGateway: identity.isGateway, at: now)
      }
    }
    disposition.waitPosition = max(disposition.waitPosition, registerPosition)
    return disposition
  }

  private mutating func transact(
    _ request: borrowing FrameView, _ type: MessageType, digest: UInt128, caller: Caller,
    into reply: inout FrameBuffer
  ) throws(Refusal) -> Disposition {
    switch type {
    case .echo: return answerEcho(request, caller, into: &reply)
    case .signOn: return try answerSignOn(request, caller, into: &reply)
    case .signOff: return answerSignOff(request, caller, into: &reply)
    case .inquiry:
      return answerInquiry(request, digest: digest, caller, into: &reply)
    case .activate, .recertify:
      return answerCertification(request, type, digest: digest, caller, into: &reply)
    case .update:
      return answerUpdate(request, digest: digest, caller, into: &reply)
    case .deactivate:
      return answerDeactivation(request, digest: digest, caller, into: &reply)
    case .reverse:
      return try answerReversal(request, digest: digest, caller, into: &reply)
    case .last: return answerLast(request, caller, into: &reply)
    }
  }

  /// Whether a request is a change in every rule of the specification.
  static func countsAsChange(_ request: borrowing FrameView, _ type: MessageType) -> Bool {
    type.isChange || type == .inquiry && InquiryRequestView(request).purpose.countsAsChange
  }

  /// Whether a request that gets as far as a decision leaves a record in the log.
  static func isJournalled(_ request: borrowing FrameView, _ type: MessageType) -> Bool {
    type == .signOn || type == .signOff || countsAsChange(request, type)
  }

  func systemRefusal(_ code: ResponseCode) -> Refusal {
    var refusal = Refusal(code)
    refusal.retryAfterMilliseconds = settings.retryAfterMilliseconds
    return refusal
  }
}

// MARK: Staging

extension TransactionEngine {
  /// The position that the next record gets.
  var nextPosition: LogPosition { batch.lastPosition.next }

  /// The confirmation number of a position.
  mutating func confirmation(
    of position: LogPosition, isTraining: Bool
  ) -> ConfirmationNumber {
    ConfirmationNumber(
      kind: isTraining ? .training : .real,
      permuted: confirmations.imageInSequence(of: position.rawValue))
  }

  /// Stages a decision whose reply is encoded, and applies it; `isStored` says whether a repeat
  /// gets this reply again.
  mutating func stage(
    _ record: inout TransactionRecord, isStored: Bool, at now: Instant,
    reply: inout FrameBuffer
  ) -> LogPosition {
    reply.set(HeaderLayout.logPosition, nextPosition.rawValue)
    if isStored { record.store(reply) }
    return journal(record, at: now)
  }

  /// Stages the record of a decision, and applies it.
  mutating func journal(_ record: TransactionRecord, at now: Instant) -> LogPosition {
    let position = batch.append(
      kind: RecordKind.transaction.rawValue, serverTimeMilliseconds: now.milliseconds,
      maximumByteCount: record.byteCountMax
    ) { output in
      record.write(to: &output)
    }
    guard let position else { preconditionFailure("room was made sure of before deciding") }
    newestServerTime = now
    apply(record, position: position, serverTime: now)
    return position
  }

  /// What a decision does to the state: the same in service and in replay.
  mutating func apply(
    _ record: TransactionRecord, position: LogPosition, serverTime: Instant
  ) {
    applyImage(of: record, position: position, serverTime: serverTime)
    if let original = record.original {
      apply(original, of: record, position: position, serverTime: serverTime)
    }
    if var answer = record.storedAnswer(position: position, serverTime: serverTime) {
      if record.code == .originalReversed { answer.reversal = reversal(of: record) }
      duplicates.insert(answer, for: record.terminal)
    }
    switch MessageType(rawValue: record.messageType) {
    case .signOn, .signOff: applySession(record, position: position, serverTime: serverTime)
    default: break
    }
  }
}
