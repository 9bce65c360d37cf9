import TransactionModel
import WireFormat

extension CardState {
  /// What an inquiry tells of a card with which nothing but load tests has been done; `nil` for a
  /// card with another history.
  init?(_ frame: borrowing FrameView, serial: UInt64) {
    let code = frame.responseCode
    self.init()
    version = frame.number(OutcomeLayout.recordVersion)
    if code == .neverActivated {
      guard version == 0 else { return nil }
      return
    }
    guard code == .eligible || code == .notEligibleOnDate, version > 0 else { return nil }
    position = frame.logPosition
    periodFirst = frame.date(OutcomeLayout.periodFirst)
    periodLast = frame.date(OutcomeLayout.periodLast)
    endReason = frame.number(OutcomeLayout.deactivationReason)
    if endReason != 0, code == .eligible { renewal = .unknown }
    let presence = frame.number(InquiryReplyLayout.presence, as: UInt64.self)
    let client = frame.clientForm(at: InquiryReplyLayout.clientOffset, presence: presence)
    guard TestClient.isOwn(client, serial: serial), let zipCode = client.number(.zipCode),
      let found = Self.version(thatSet: zipCode, serial: serial, newest: version)
    else { return nil }
    formVersion = found
  }

  private static func version(
    thatSet zipCode: UInt32, serial: UInt64, newest: UInt32
  ) -> UInt32? {
    var version = newest
    while version > 0 {
      if TestClient.zipCode(serial: serial, version: version) == zipCode { return version }
      version -= 1
    }
    return nil
  }
}
