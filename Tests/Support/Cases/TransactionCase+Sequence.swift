import TransactionModel
import WireFormat

extension TransactionCase {
  /// Exactly once: repeats, trace numbers used again, and the clock.
  public static let sequences = [
    TransactionCase("a repeat gets the stored reply, whatever its flags") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      for flags in [FrameFlags.repeat, [], .storedAndForward, [.repeat, .storedAndForward]] {
        scene.resend(step: 0, gives: .activated, .repeats(step: 0), .isStoredReply(true)) {
          $0.header.flags = flags
        }
      }
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("every kind of change is stored, its refusal too") { scene in
      scene.send(
        Scene.activate(scene.card, SampleForm.incomeTooHigh), gives: .ineligibleIncome)
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.send(
        Scene.update(scene.card, expecting: 2, SampleForm.emptyUpdate.with(.familySize, 4)),
        gives: .updated)
      scene.send(Scene.inquire(scene.card, .verify), gives: .eligible)
      scene.send(Scene.inquire(scene.card, .reaffirm), gives: .eligible)
      scene.send(
        Scene.update(scene.card, expecting: 2, SampleForm.emptyUpdate.with(.familySize, 5)),
        gives: .versionConflict)
      scene.send(Scene.deactivate(scene.card), gives: .deactivated)
      scene.send(Scene.activate(scene.unknownCard), gives: .cardUnknown)
      for step in 0..<scene.steps.count {
        scene.resend(step: step, gives: scene.steps[step].code, .repeats(step: step))
      }
      scene.send(Scene.inquire(scene.card), gives: .notEligibleOnDate, .recordVersion(5))
    },
    TransactionCase("a plain inquiry is not stored: it is answered anew") { scene in
      scene.send(Scene.inquire(scene.card), gives: .neverActivated)
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.resend(step: 0, gives: .eligible, .isStoredReply(false)) {
        $0.header.flags = .repeat
      }
    },
    TransactionCase("a trace number used again for something else executes nothing") { scene in
      let other = Scene.activate(scene.card(1))
      let deactivation = Scene.deactivate(scene.card)
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.resend(
        step: 0, gives: .traceNumberReused, .field(HeaderLayout.traceNumber.number),
        .asksToRetry(false)
      ) { $0.body = other }
      scene.resend(step: 0, gives: .traceNumberReused) {
        $0.header.transactionTime = Instant(
          milliseconds: $0.header.transactionTime.milliseconds + 1)
      }
      for flag in [FrameFlags.training, .keyed, .batch, .spanish] {
        scene.resend(step: 0, gives: .traceNumberReused) { $0.header.flags = flag }
      }
      scene.resend(step: 0, gives: .traceNumberReused) { $0.body = deactivation }
      scene.resend(step: 0, gives: .traceNumberReused) {
        $0.header.operatorID = OperatorID(rawValue: 502)
      }
      scene.resend(step: 0, gives: .activated, .repeats(step: 0))
      scene.send(Scene.inquire(scene.card(1)), gives: .neverActivated)
      scene.send(Scene.inquire(scene.card), gives: .eligible, .recordVersion(1))
    },
    TransactionCase("the same trace number of another terminal is another request") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      scene.resend(step: 0, gives: .alreadyActive, .isStoredReply(false)) {
        $0.header.terminal = Speaker.newTerminal.terminal
        $0.identity = Speaker.newTerminal.identity
      }
    },
    TransactionCase("sign-on knows the newest trace number among the changes") { scene in
      scene.send(Scene.activate(scene.card), gives: .activated)
      let trace = scene.steps[0].header.traceNumber.rawValue
      scene.send(Scene.inquire(scene.card), gives: .eligible)
      scene.send(Scene.signOn, gives: .approved, .newestTraceNumber(trace), .restsOnRecord(true))
      scene.send(.signOff, gives: .approved, .clock(.withinAllowance), .restsOnRecord(true))
      scene.send(Scene.signOn, gives: .approved, .newestTraceNumber(trace))
    },
    TransactionCase("a refusal of authority is not stored") { scene in
      scene.send(Scene.activate(scene.card), from: .retiredOperator, gives: .operatorUnknown)
      scene.resend(step: 0, gives: .operatorUnknown, .field(HeaderLayout.operatorID.number))
      scene.resend(step: 0, gives: .activated) { $0.header.operatorID = Speaker.clinic.operatorID }
    },
  ]

  /// The clock's limits, to the millisecond.
  public static let clocks = [
    TransactionCase("a change may be 15 minutes old") { scene in
      scene.send(Scene.activate(scene.card), age: 15 * 60_000, gives: .activated)
      scene.send(
        Scene.activate(scene.card(1)), age: 15 * 60_000 + 1, gives: .transactionTimeTooOld,
        .field(HeaderLayout.transactionTime.number), .asksToRetry(false))
      scene.resend(step: 1, gives: .activated) { $0.header.flags = .storedAndForward }
    },
    TransactionCase("a stored-and-forward change may be 72 hours old") { scene in
      let hours: Int64 = 72 * 3_600_000
      let day = CalendarDate(trusted: 2026_10_30)
      scene.send(
        Scene.activate(scene.card, on: day), flags: .storedAndForward, age: hours,
        gives: .activated, .period(day, CalendarDate(trusted: 2027_10_29)))
      scene.send(
        Scene.activate(scene.card(1), on: day), flags: .storedAndForward, age: hours + 1,
        gives: .transactionTimeTooOld)
    },
    TransactionCase("a change may be 5 minutes ahead") { scene in
      scene.send(Scene.activate(scene.card), age: -5 * 60_000, gives: .activated)
      scene.send(
        Scene.activate(scene.card(1)), age: -5 * 60_000 - 1, gives: .transactionTimeAhead)
      scene.send(
        Scene.inquire(scene.card, .verify), age: -5 * 60_000 - 1, gives: .transactionTimeAhead)
    },
    TransactionCase("a change ahead of time is not remembered") { scene in
      scene.send(
        Scene.activate(scene.card), age: -5 * 60_000 - 1, gives: .transactionTimeAhead)
      scene.resend(step: 0, afterMilliseconds: 1, gives: .activated, .isStoredReply(false))
    },
    TransactionCase("a plain inquiry has no clock to keep") { scene in
      scene.send(Scene.inquire(scene.card), age: 3_600_000, gives: .neverActivated)
      scene.send(Scene.inquire(scene.card), age: -3_600_000, gives: .neverActivated)
    },
    TransactionCase("an echo says when the terminal's clock is off by over a minute") { scene in
      scene.send(
        .echo, age: 60_000, gives: .approved, .clock(.withinAllowance), .restsOnRecord(false))
      scene.send(.echo, age: 60_001, gives: .approvedClockOff, .clock(.terminalBehind))
      scene.send(.echo, age: -60_001, gives: .approvedClockOff, .clock(.terminalAhead))
      scene.send(Scene.signOn, age: 60_001, gives: .approvedClockOff, .clock(.terminalBehind))
      scene.send(.signOff, age: -60_001, gives: .approvedClockOff, .clock(.terminalAhead))
      scene.send(Scene.signOn, gives: .approved)
      scene.send(.echo, age: 1_700_000_000_000, gives: .approvedClockOff, .clock(.terminalBehind))
    },
    TransactionCase("without an income table nobody is told no, and nobody yes") { scene in
      // 150 days later the table of 2026 has run out.
      let milliseconds: Int64 = 150 * 24 * 3_600_000
      scene.send(
        Scene.activate(scene.card, on: CalendarDate(trusted: 2027_04_01)),
        afterMilliseconds: milliseconds, gives: .noIncomeTable, .failedCriteria(.noIncomeTable),
        .notices([]), .incomeLimit(0), .decidedBy(set: 2015_11_01, table: 0), .recordVersion(1))
      scene.send(
        Scene.activate(
          scene.card, SampleForm.failsEverything, on: CalendarDate(trusted: 2027_04_01)),
        afterMilliseconds: milliseconds, gives: .ineligibleResidence, .notices(.fairHearing),
        .failedCriteria([.residence, .need, .institution, .mediCal, .otherCoverage]))
    },
  ]
}
