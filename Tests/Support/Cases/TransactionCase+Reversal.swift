import TransactionModel
import WireFormat

extension TransactionCase {
  /// Every way in which a reversal ends, and what a terminal can ask for again.
  public static let reversals = [
    TransactionCase("a reversed activation leaves the card as it was, a version later") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.reverse(
        step: 0, gives: .reversed, .status(.neverActivated), .recordVersion(2),
        .confirmation(.real), .originalCode(.activated), .period(.none, .none))
      scene.send(
        Scene.inquire(scene.card), gives: .neverActivated, .recordVersion(2),
        .showsDemographics(false))
      scene.send(Scene.activate(scene.card, SampleForm.otherEligible), gives: .activated)
    },
    TransactionCase("a reversed deactivation gives the client the period back") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.reverse(
        step: 1, gives: .reversed, .status(.eligible), .recordVersion(3), .daysLeft(365),
        .period(Fixture.today, Fixture.periodEnd), .originalCode(.deactivated),
        .deactivationReason(0))
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(3))
    },
    TransactionCase("a reversed update gives the old form back, whatever was decided") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      let change = SampleForm.emptyUpdate.with(.monthlyIncome, 4_555).with(.firstName, "Beth")
      scene.send(Scene.update(scene.card, expecting: 1, change), gives: .ineligibleIncome)
      scene.reverse(
        step: 1, gives: .reversed, .recordVersion(3), .originalCode(.ineligibleIncome))
      scene.send(
        Scene.inquire(scene.card), gives: .eligible, .number(.monthlyIncome, 2_400),
        .text(.firstName, "Ana"), .recordVersion(3))
    },
    TransactionCase("the same reversal once more is told by the first one's number") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.reverse(step: 0, gives: .reversed)
      scene.reverse(
        step: 0, gives: .reversed, .sameConfirmation(step: 1), .isStoredReply(false),
        .originalCode(.activated), .recordVersion(2))
      scene.resend(step: 1, gives: .reversed, .repeats(step: 1))
      scene.resend(step: 2, gives: .reversed, .repeats(step: 2))
      scene.resend(step: 0, gives: .activated, .repeats(step: 0))
      scene.send(Scene.inquire(scene.card), gives: .neverActivated, .recordVersion(2))
    },
    TransactionCase("any later activity on the card keeps a change from being undone") { scene in
      let activities: [(of: (CardNumber) -> RequestBody, gives: ResponseCode)] = [
        ({ Scene.inquire($0, .verify) }, .eligible), ({ Scene.activate($0) }, .alreadyActive),
        ({ Scene.update($0, expecting: 9, SampleForm.emptyUpdate) }, .versionConflict),
        ({ Scene.inquire($0, .reaffirm) }, .eligible),
      ]
      for (index, activity) in activities.enumerated() {
        let card = scene.card(UInt64(index + 1))
        let first = scene.steps.count
        scene.send(Scene.activate(card), gives: .activated)
        scene.send(activity.of(card), gives: activity.gives)
        scene.reverse(
          step: first, gives: .reversalAfterLaterActivity, .originalCode(.activated),
          .status(.eligible))
      }
    },
    TransactionCase("a plain inquiry and training are no activity") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.inquire(scene.card), from: .pharmacy, gives: .eligible)
      scene.send(Scene.deactivate(scene.card), flags: .training, gives: .deactivated)
      scene.send(Scene.activate(scene.card(1)), gives: .activated)
      scene.reverse(step: 0, gives: .reversed)
    },
    TransactionCase("what changed nothing cannot be undone, nor can a reversal") { scene in
      scene.send(Scene.activate(scene.unknownCard), gives: .cardUnknown)
      scene.reverse(step: 0, gives: .notReversible, .originalCode(.cardUnknown), .recordVersion(0))
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(Scene.deactivate(scene.card), gives: .alreadyDeactivated)
      scene.reverse(step: 4, gives: .notReversible, .originalCode(.alreadyDeactivated))
      scene.reverse(step: 3, gives: .reversalAfterLaterActivity)
    },
    TransactionCase("a reversal names type and time of the original as they were") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.reverse(step: 0, gives: .traceNumberReused) { $0.type = .update }
      scene.reverse(step: 0, gives: .traceNumberReused) {
        $0.time = Instant(milliseconds: $0.time.milliseconds - 1)
      }
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("another terminal cannot undo a change, nor the pharmacy anything") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.reverse(step: 0, from: .newTerminal, gives: .reversalRemembered)
      scene.reverse(step: 0, from: .pharmacy, gives: .roleNotPermitted)
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("a change that comes after its reversal is not carried out") { scene in
      let original = scene.unsent(Scene.activate(scene.card))
      scene.reverse(original, gives: .reversalRemembered, .originalCode(.none), .recordVersion(0))
      scene.reverse(original, gives: .reversalRemembered, .sameConfirmation(step: 0))
      scene.send(original, gives: .originalReversed, .confirmation(.real), .isStoredReply(false))
      scene.send(original, gives: .originalReversed, .repeats(step: 2))
      scene.reverse(
        original, gives: .reversalRemembered, .sameConfirmation(step: 0),
        .originalCode(.originalReversed))
      scene.send(Scene.inquire(scene.card), gives: .neverActivated, .recordVersion(0))
      scene.send(Scene.activate(scene.card), gives: .activated)
    },
    TransactionCase("the number of a reversed change is taken") { scene in
      let original = scene.unsent(Scene.activate(scene.card))
      scene.reverse(original, gives: .reversalRemembered)
      var other = original
      other.header.transactionTime = Instant(
        milliseconds: original.header.transactionTime.milliseconds + 1)
      scene.send(other, gives: .traceNumberReused)
      other = original
      other.body = Scene.deactivate(scene.card)
      scene.send(other, gives: .traceNumberReused)
      scene.send(Scene.inquire(scene.card), gives: .neverActivated)
    },
    TransactionCase("training undoes training, and nothing real") { scene in
      scene.send(Scene.activate(scene.card), flags: .training, gives: .activated)
      scene.reverse(step: 0, flags: .training, gives: .reversed, .confirmation(.training))
      scene.reverse(
        step: 0, flags: .training, gives: .reversed, .sameConfirmation(step: 1))
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.reverse(step: 3, flags: .training, gives: .notReversible)
      let original = scene.unsent(Scene.deactivate(scene.card))
      scene.reverse(original, flags: .training, gives: .reversalRemembered)
      scene.send(original, gives: .deactivated)
      scene.send(Scene.inquire(scene.card), gives: .notEligibleOnDate, .recordVersion(2))
    },
    TransactionCase("the last answers can be had again") { scene in
      let trace = scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(Scene.inquire(scene.card), gives: .eligible)
      scene.send(Scene.inquire(scene.card, .verify), gives: .eligible)
      scene.send(.last(traceNumber: 0), gives: .approved, .tells(step: 2), .restsOnRecord(true))
      scene.send(.last(traceNumber: trace), gives: .approved, .tells(step: 0))
      scene.send(.last(traceNumber: trace + 1), gives: .noStoredAnswer, .tells(step: nil))
      scene.send(
        .last(traceNumber: trace), from: .pharmacy, gives: .noStoredAnswer, .tells(step: nil))
    },
    TransactionCase("of a change that never came there is no answer, only its reversal's") {
      scene in
      let original = scene.unsent(Scene.activate(scene.card))
      scene.reverse(original, gives: .reversalRemembered)
      scene.send(.last(traceNumber: 0), gives: .approved, .tells(step: 0))
      scene.send(
        .last(traceNumber: original.header.traceNumber.rawValue), gives: .noStoredAnswer,
        .tells(step: nil))
    },
  ]
}

/// What a reversal names.
struct Reversal {
  var trace: SystemTraceAuditNumber
  var type: MessageType
  var time: Instant
}

extension Scene {
  /// A request with the next trace number that the terminal keeps to itself.
  mutating func unsent(_ body: RequestBody) -> TransactionStep {
    var scene = self
    scene.send(body, gives: .none)
    let step = scene.steps[scene.steps.count - 1]
    skipTraceNumber()
    return step
  }

  /// Sends a request that was made before.
  mutating func send(_ step: TransactionStep, gives code: ResponseCode, _ facts: ReplyFact...) {
    var step = step
    step.code = code
    step.facts = facts
    append(step)
  }

  /// Reverses an earlier request.
  mutating func reverse(
    step index: Int, from speaker: Speaker = .clinic, flags: FrameFlags = [],
    gives code: ResponseCode, _ facts: ReplyFact..., change: (inout Reversal) -> Void = { _ in }
  ) {
    reverse(steps[index], from: speaker, flags: flags, gives: code, facts, change: change)
  }

  /// Reverses a request that was made before, sent or not.
  mutating func reverse(
    _ original: TransactionStep, from speaker: Speaker = .clinic, flags: FrameFlags = [],
    gives code: ResponseCode, _ facts: ReplyFact...
  ) {
    reverse(original, from: speaker, flags: flags, gives: code, facts) { _ in }
  }

  private mutating func reverse(
    _ original: TransactionStep, from speaker: Speaker, flags: FrameFlags,
    gives code: ResponseCode, _ facts: [ReplyFact], change: (inout Reversal) -> Void
  ) {
    var reversal = Reversal(
      trace: original.header.traceNumber, type: original.body.messageType,
      time: original.header.transactionTime)
    change(&reversal)
    send(
      .reverse(
        traceNumber: reversal.trace, type: reversal.type, reason: 1, time: reversal.time),
      from: speaker, flags: flags, gives: code, facts: facts)
  }
}
