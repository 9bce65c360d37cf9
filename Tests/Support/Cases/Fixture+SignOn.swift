public import TransactionEngine
public import TransactionModel
import WireFormat

extension Fixture {
  /// Signs operators on, each with a trace number of its own that no case uses.
  public static func signOn(
    _ speakers: [Speaker], on engine: SharedEngine, at time: Instant
  ) throws {
    var digester = RequestDigester()
    for (index, speaker) in speakers.enumerated() {
      let header = RequestHeader(
        environment: environment, flags: [],
        traceNumber: SystemTraceAuditNumber(rawValue: .max - UInt32(index)),
        software: SoftwareID(rawValue: 77), terminal: speaker.terminal, transactionTime: time,
        operatorID: speaker.operatorID)
      let frame = TransactionStep(
        header: header, body: Scene.signOn, identity: speaker.identity, serverTime: time
      ).frame
      var reply = FrameBuffer()
      _ = engine.decide(
        FrameView(whole: unsafe frame.span.bytes), .signOn, from: speaker.identity, at: time,
        changesAvailable: true, digester: &digester, into: &reply)
      guard reply.frame.responseCode == .approved else { throw FixtureEngine.Failure.notSignedOn }
    }
  }
}
