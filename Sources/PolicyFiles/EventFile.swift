package import EligibilityPolicy
import TransactionModel

/// A file of sequences of events, one card in each row, and what is answered for a day.
///
/// For each row in there is one row out, in the same order: `id,status,from,through` and then the
/// columns that mean nothing here, as they were. A row that cannot be read has the status `error`.
package enum EventFile {
  package static let columns = ["id", "events", "question_date"]

  /// Answers all rows; throws when the first line is wrong.
  package static func answer(
    _ bytes: [UInt8], name: String, by book: PolicyBook
  ) throws(PolicyFilesError) -> AnsweredFile {
    try AnsweredFile(
      bytes, name: name, columns: columns, answerColumns: ["id", "status", "from", "through"]
    ) { row throws(RowFault) in
      let events = try PeriodEvent.list(row["events"])
      let question = try row.day("question_date")
      var sequence = PeriodSequence(book)
      for event in events { sequence.apply(event) }
      return [row["id"]] + sequence.answer(for: question)
    }
  }
}
