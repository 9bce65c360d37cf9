import EligibilityPolicy
public import TransactionEngine
public import TransactionModel
import WireFormat
import WriteAheadLog

/// An engine in memory with the fixture's register: frames in, frames out, records kept.
///
/// It does what the server does around the engine, but for the line and the log: judges the
/// format, and takes the staged batch when it is full.
public final class FixtureEngine: Answering {
  /// The answer to one frame.
  public struct Answer: Sendable {
    public var bytes: [UInt8]
    public var disposition: Disposition
  }

  /// What cannot happen to a case.
  public enum Failure: Error {
    case incompleteFrame
    case staleRegister
    case notSignedOn
  }

  /// The key of the confirmation numbers, so that tests can turn them back.
  public static let confirmationKey = [UInt8](repeating: 0x42, count: 32)

  public let engine: SharedEngine
  private let settings: EngineSettings
  private var digester = RequestDigester()
  private var spare = LogBatch(after: .zero, newestServerTimeMilliseconds: 0)
  private var takenRecords: [StagedRecord] = []

  /// How many records there are when the cases begin.
  public private(set) var openingCount = 0

  /// Where the records end that there are when the cases begin.
  public var openingEnd: LogPosition { LogPosition(rawValue: UInt64(openingCount)) }

  /// An engine with the fixture's register staged in it, by default a day before the cases begin, and
  /// with everybody signed on who may work.
  public init(
    _ settings: EngineSettings = Fixture.settings, signingOn speakers: [Speaker] = Speaker.workers,
    registeredAt time: Instant = Fixture.dayBefore
  ) throws {
    self.settings = settings
    engine = SharedEngine(try Self.emptyEngine(settings))
    for change in Fixture.register {
      guard engine.register(change, by: Fixture.author, at: time) != nil else {
        throw Failure.staleRegister
      }
    }
    let beginning = time == Fixture.dayBefore ? Fixture.start : time
    try Fixture.signOn(speakers, on: engine, at: beginning)
    openingCount = records.count
  }

  /// An engine that knows what the records of another say.
  private init(
    replaying records: [StagedRecord], _ settings: EngineSettings, at now: Instant
  ) throws {
    self.settings = settings
    var engine = try Self.emptyEngine(settings)
    let batches = StagedRecord.Batches(records)
    try batches.replay(into: &engine, at: now)
    takenRecords = records
    openingCount = records.count
    self.engine = SharedEngine(engine)
  }

  /// An engine that a snapshot has made, and the records that it knows.
  public init(
    _ engine: consuming sending TransactionEngine, knowing records: [StagedRecord],
    _ settings: EngineSettings, at now: Instant
  ) {
    self.settings = settings
    takenRecords = records
    openingCount = records.count
    engine.beginService(after: LogPosition(rawValue: UInt64(records.count)), at: now)
    self.engine = SharedEngine(engine)
  }

  private static func emptyEngine(_ settings: EngineSettings) throws -> TransactionEngine {
    try TransactionEngine(
      settings: settings, policy: .compiledIn, confirmationKey: confirmationKey, hashSeed: 7)
  }

  /// Decides one request that keeps the rules of the format.
  public func decide(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant,
    changesAvailable: Bool = true
  ) throws -> Answer {
    var reply = FrameBuffer()
    guard let request = try FrameView(prefixOf: unsafe frame.span.bytes, .request) else {
      throw Failure.incompleteFrame
    }
    let type: MessageType
    do throws(FormatRefusal) {
      type = try FrameCheck.checkRequest(request)
    } catch {
      reply.encodeRefusal(
        error.code, field: error.fieldNumber, rule: error.ruleNumber, replyingTo: request)
      return Answer(bytes: Self.bytes(of: reply), disposition: Disposition())
    }
    var disposition = Disposition(mustWaitForRoom: true)
    while true {
      disposition = engine.decide(
        request, type, from: identity, at: time, changesAvailable: changesAvailable,
        digester: &digester, into: &reply)
      guard disposition.mustWaitForRoom else { break }
      takeStaged()
    }
    return Answer(bytes: Self.bytes(of: reply), disposition: disposition)
  }

  public func answer(
    _ frame: [UInt8], from identity: CertificateIdentity, at time: Instant
  ) throws -> [UInt8] {
    try decide(frame, from: identity, at: time).bytes
  }

  /// Every record staged since the beginning, in order.
  public var records: [StagedRecord] {
    takeStaged()
    return takenRecords
  }

  /// An engine after a restart: it knows what the records say and nothing else.
  ///
  /// `now` is the server's time then; at the earliest that of the last record.
  public func replayed(at now: Instant = .none) throws -> FixtureEngine {
    try FixtureEngine(replaying: records, settings, at: now)
  }

  private func takeStaged() {
    engine.exchangeStagedBatch(&spare)
    spare.forEachRecord { takenRecords.append(StagedRecord($0)) }
    spare.reset(
      after: spare.lastPosition, newestServerTimeMilliseconds: spare.newestServerTimeMilliseconds)
  }

  private static func bytes(of frame: borrowing FrameBuffer) -> [UInt8] {
    var bytes: [UInt8] = []
    for offset in 0..<frame.byteCount { bytes.append(frame.byte(at: offset)) }
    return bytes
  }
}
