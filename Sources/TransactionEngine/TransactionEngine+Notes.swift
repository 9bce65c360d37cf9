import EligibilityIndex
import EligibilityPolicy
import Synchronization
public import TransactionModel
import WireFormat
import WriteAheadLog

extension TransactionEngine {
  /// Stages a note about a card, and applies it.
  mutating func note(
    _ note: CardNote, on card: CardNumber, by author: Author, at now: Instant
  ) throws(CardNoteRefusal) -> LogPosition {
    guard author.role == .office else { throw .roleNotPermitted }
    guard batch.hasRoom(bodyByteCount: CardNoteEntry.byteCountMax) else { throw .noRoom }
    let slot = lookUp(card)
    guard !slot.isAbsent else { throw .noRecord }
    let now = max(now, newestServerTime)
    var record = index[slot]
    var site = SiteID(rawValue: 0)
    switch note {
    case .plasticLost:
      try requireActivated(record)
      // A question asked twice, because the answer was lost, changes nothing.
      if record.flags.contains(.plasticLost) { return record.lastPosition }
      record.flags.insert(.plasticLost)
    case .plasticFound:
      try requireActivated(record)
      if !record.flags.contains(.plasticLost) { return record.lastPosition }
      record.flags.remove(.plasticLost)
    case .plasticReplaced(let giver):
      try requireActivated(record)
      guard register.site(giver) != nil else { throw .unknownSite(giver) }
      guard register.blankCardsLeft(at: giver) > 0 else { throw .noBlankCard(giver) }
      record.flags.remove(.plasticLost)
      if record.replacementCount < .max { record.replacementCount += 1 }
      site = giver
    case .hearing(let outcome, let decidedOn, let firstDay):
      try decide(
        &record, outcome, decidedOn: decidedOn, firstDay: firstDay,
        today: currentDay.date(at: now))
    }
    touch(&record, at: now, by: site)
    return stage(CardNoteEntry(note, by: author, image: record), at: now)
  }

  private func requireActivated(_ record: EligibilityRecord) throws(CardNoteRefusal) {
    guard record.hasBeenActivated else { throw .declined(.neverActivated) }
  }

  /// Puts the decision of a fair hearing in the place of the latest determination, or beside it.
  private func decide(
    _ record: inout EligibilityRecord, _ outcome: HearingDecision.Outcome,
    decidedOn: CalendarDate, firstDay: CalendarDate, today: CalendarDate
  ) throws(CardNoteRefusal) {
    // A hearing is about a determination, and gives nothing from before it.
    guard !record.determinationDate.isNone, record.determinationDate <= decidedOn,
      decidedOn <= today
    else { throw .declined(.effectiveDateNotAllowed) }
    switch outcome {
    case .none: preconditionFailure("a hearing without an outcome")
    case .ineligible:
      record.hearing = HearingDecision(
        decidedOn: decidedOn, lastDay: .none, liftedCriteria: [], outcome: .ineligible)
    case .eligible:
      let rules = policy.periodRules(on: firstDay)
      guard rules.oldestDateOfService(today) <= firstDay, firstDay <= rules.lastDay(from: today),
        certificationDay(of: record) <= firstDay
      else { throw .declined(.effectiveDateNotAllowed) }
      do throws(PeriodRefusal) {
        let period = try rules.decideByHearing(&record.periods, from: firstDay, today: today)
        // What an earlier decision has lifted does not fail, so it is not among what failed.
        let lifted = record.failedCriteria.union(record.hearing.liftedCriteria(on: today))
        record.hearing = HearingDecision(
          decidedOn: decidedOn, lastDay: period.lastDay, liftedCriteria: lifted,
          outcome: .eligible)
      } catch {
        throw .declined(error.code)
      }
    }
  }

  /// The day of the latest form: nobody is eligible on the strength of it before.
  private func certificationDay(of record: EligibilityRecord) -> CalendarDate {
    let latest = policy.periodRules(on: record.determinationDate).latestPeriod(in: record.periods)
    return min(latest?.certificationDate ?? record.determinationDate, record.determinationDate)
  }

  private mutating func stage(_ entry: CardNoteEntry, at now: Instant) -> LogPosition {
    let position = batch.append(
      kind: RecordKind.cardNote.rawValue, serverTimeMilliseconds: now.milliseconds,
      maximumByteCount: CardNoteEntry.byteCountMax
    ) { output in
      entry.write(to: &output)
    }
    guard let position else { preconditionFailure("room was made sure of before deciding") }
    newestServerTime = now
    apply(entry)
    return position
  }

  /// What a note does to the state: the same in service and in replay.
  mutating func apply(_ entry: CardNoteEntry) {
    undoStore.forget(write(entry.image, at: index.find(entry.image.card)).ordinal)
    if case .plasticReplaced(let site) = entry.note { register.useBlankCard(at: site) }
  }
}

extension SharedEngine {
  /// Stages a note about a card; its position must be durable before anybody is told.
  public func note(
    _ note: CardNote, on card: CardNumber, by author: Author, at now: Instant
  ) throws(CardNoteRefusal) -> LogPosition {
    defer { noteStaged() }
    return try engine.withLock { engine throws(CardNoteRefusal) in
      try engine.note(note, on: card, by: author, at: now)
    }
  }
}
