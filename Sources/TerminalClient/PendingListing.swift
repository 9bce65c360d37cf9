public import TransactionModel
import WireFormat

/// A pending change as a clerk sees it in a list: nothing of the client's.
public struct PendingListing: Sendable {
  public let traceNumber: SystemTraceAuditNumber
  public let messageType: MessageType
  /// `nil` for a reversal; its description is masked.
  public let card: CardNumber?
  public let transactionTime: Instant
  public let operatorID: OperatorID
  /// Whether the server may have carried it out already.
  public let mayHaveBeenSent: Bool
  /// Whether the clerk has cancelled it: then its reversal is what is sent.
  public let isCancelled: Bool

  init(_ change: PendingChange) {
    let header = change.request.header
    traceNumber = change.id
    messageType = change.request.body.messageType
    card = change.request.body.card
    transactionTime = header.transactionTime
    operatorID = header.operatorID
    mayHaveBeenSent = change.mayHaveBeenSent
    isCancelled = change.reversal != nil
  }
}
