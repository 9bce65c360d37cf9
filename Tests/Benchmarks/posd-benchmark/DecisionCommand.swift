import ArgumentParser
import CAllocationCounter
import EligibilityPolicy
import Foundation
import LinuxSystem
import TransactionModel

/// Measures, in cache, what the program's rules cost a transaction.
struct DecisionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide", abstract: "Measure deciding by the compiled-in rules.")

  @Option(help: "How many decisions a round has at least.") var count = 2_000_000
  @Option(help: "How many rounds.") var rounds = 9
  @Option(help: "For the order of the questions, and what they do not vary.") var seed: UInt64 = 1

  func validate() throws {
    guard count > 0, rounds > 0 else {
      throw ValidationError("--count and --rounds are at least 1")
    }
  }

  func run() throws {
    var book = PolicyBook.compiledIn
    measure("decide by the published tables", book, Question.all(to: book, seed: seed))
    book.usesDerivedTables = true
    measure("decide by these and derived ones", book, Question.all(to: book, seed: seed))
  }

  /// Prints the median of the rounds beside that of a floor which has its turn in each of them.
  private func measure(_ name: String, _ book: PolicyBook, _ questions: [Question]) {
    let passes = (count + questions.count - 1) / questions.count
    var floors = Rounds()
    var decisions = Rounds()
    // The first of each only warms up.
    for round in 0...rounds {
      let floor = Round(questions, passes: passes) { Self.compare($0) }
      let decision = Round(questions, passes: passes) { Self.decide($0, by: book) }
      if round > 0 {
        floors.append(floor)
        decisions.append(decision)
      }
    }
    print("\(name): \(decisions.text); to read and compare one number: \(floors.text)")
    print(
      "  \(questions.count) questions, \(rounds) rounds of \(passes * questions.count) decisions,"
        + " \(decisions.allocationCount) allocations in all (\(decisions.sum % 10))")
  }

  @inline(never)
  private static func decide(_ question: Question, by book: borrowing PolicyBook) -> UInt64 {
    let determination = book.determine(question.facts, on: question.day)
    return UInt64(determination.failedCriteria.rawValue) &+ UInt64(determination.incomeLimit)
      &+ UInt64(determination.policySet.yyyymmdd) &+ UInt64(determination.incomeTable.yyyymmdd)
      &+ determination.policyVersion &+ determination.tableVersion
  }

  /// The floor.
  @inline(never)
  private static func compare(_ question: Question) -> UInt64 {
    question.facts.monthlyIncome > question.day.yyyymmdd ? 1 : 0
  }
}

/// A client on a day.
private struct Question {
  let facts: EligibilityFacts
  let day: CalendarDate

  /// Every family size up to 20 with incomes about its limit, for both sexes, on the first and the
  /// last day of every set, table and gap of a book, in random order; all else is random.
  static func all(to book: PolicyBook, seed: UInt64) -> [Question] {
    var numbers = RandomNumbers(seed: seed)
    var questions: [Question] = []
    for day in days(of: book) {
      for familySize in UInt8(1)...20 {
        let limit = book.table(on: day)?.monthlyLimit(forFamilyOf: familySize) ?? 3_000
        for monthlyIncome in [limit - 1, limit, limit + 1] {
          for sex in Sex.allCases {
            let facts = EligibilityFacts(
              isResident: numbers.next(below: 8) > 0, isInNeed: numbers.next(below: 8) > 0,
              isInstitutionalised: numbers.next(below: 8) == 0,
              wantsConfidentiality: numbers.next(below: 2) > 0, sex: sex,
              mediCal: MediCalStatus.allCases.randomElement(using: &numbers) ?? .none,
              otherCoverage: OtherCoverage.allCases.randomElement(using: &numbers) ?? .none,
              familySize: familySize, monthlyIncome: monthlyIncome,
              birthDate: CalendarDate(trusted: 1940_05_17).adding(
                days: Int32(numbers.next(below: 20_000))))
            questions.append(Question(facts: facts, day: day))
          }
        }
      }
    }
    return questions.shuffled(using: &numbers)
  }

  /// Those of derived tables only where the book uses them.
  private static func days(of book: PolicyBook) -> [CalendarDate] {
    let sets = book.sets.flatMap { [$0.firstDay.adding(days: -1), $0.firstDay] }
    let tables = book.calendar.filter { $0.state != .derived || book.usesDerivedTables }
    return (sets + tables.flatMap { [$0.firstDay, $0.lastDay] }).filter { !$0.isNone }
  }
}

/// All questions, so many times over: processor time and allocations.
private struct Round {
  let nanoseconds: Double
  let allocationCount: UInt64
  /// Of what `body` gave: it keeps that from being left out.
  let sum: UInt64

  init(_ questions: [Question], passes: Int, _ body: (Question) -> UInt64) {
    var sum: UInt64 = 0
    let allocationsBefore = CAllocationCounter_count()
    let start = CurrentProcess.processorTimeNanoseconds
    for _ in 0..<passes {
      for question in questions { sum &+= body(question) }
    }
    let end = CurrentProcess.processorTimeNanoseconds
    allocationCount = CAllocationCounter_count() - allocationsBefore
    nanoseconds = Double(end - start) / Double(passes * questions.count)
    self.sum = sum
  }
}

private struct Rounds {
  private var nanoseconds: [Double] = []
  private(set) var allocationCount: UInt64 = 0
  private(set) var sum: UInt64 = 0

  mutating func append(_ round: Round) {
    nanoseconds.append(round.nanoseconds)
    allocationCount += round.allocationCount
    sum &+= round.sum
  }

  var text: String {
    String(
      format: "%.1f ns (%.1f to %.1f)", nanoseconds.median, nanoseconds.min() ?? 0,
      nanoseconds.max() ?? 0)
  }
}
