import TransactionModel

/// What came of a file of questions: a table with one row for each row of the file.
package struct AnsweredFile {
  /// The answers as CSV, the first line naming the columns.
  package private(set) var text: String
  /// The rows that could not be read, by line.
  package private(set) var mistakes: [PolicyMistake] = []

  /// Answers each row, and passes the columns through that were not wanted.
  ///
  /// The first of the answer's columns is the id; the second says `error` where a row could not be
  /// read.
  init(
    _ bytes: [UInt8], name: String, columns: [String], answerColumns: [String],
    answer: (CSVTable.Row) throws(RowFault) -> [String]
  ) throws(PolicyFilesError) {
    let table: CSVTable
    do throws(CSVHeaderFault) {
      table = try CSVTable(bytes, columns: columns, allowsFurtherColumns: true)
    } catch {
      throw .mistakes(error.reasons.map { PolicyMistake(name, line: 1, $0) })
    }
    let further = table.furtherColumns(than: columns)
    let idPlace = table.columns.firstIndex(of: "id")
    text = CSVDocument.line(answerColumns + further.map { table.columns[$0] })
    for entry in table.entries {
      let line: Int
      var id = ""
      var passed = further.map { _ in "" }
      var answers: [String]?
      switch entry {
      case .fault(let faultLine, let reason, let fields):
        line = faultLine
        if let idPlace, idPlace < fields.count { id = fields[idPlace] }
        mistakes.append(PolicyMistake(name, line: line, reason))
      case .row(let row):
        line = row.line
        id = row["id"]
        passed = row.fields(at: further)
        do throws(RowFault) {
          answers = try answer(row)
        } catch {
          mistakes.append(PolicyMistake(name, line: line, error.reason))
        }
      }
      let none = answerColumns.dropFirst(2).map { _ in "" }
      text += CSVDocument.line((answers ?? [id, "error"] + none) + passed)
    }
  }
}

/// Why a row could not be read.
struct RowFault: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

extension CSVTable.Row {
  func day(_ column: String) throws(RowFault) -> CalendarDate {
    guard let day = CalendarDate(iso: self[column]) else {
      throw RowFault("\(column): \"\(self[column])\" is no day such as 2026-04-01")
    }
    return day
  }

  func answer(_ column: String) throws(RowFault) -> Bool {
    try choice(column, of: [("Y", true), ("N", false)])
  }

  func choice<Value>(
    _ column: String, of choices: [(name: String, value: Value)]
  ) throws(RowFault) -> Value {
    if let choice = choices.first(where: { $0.name == self[column] }) { return choice.value }
    let names = choices.map(\.name).joined(separator: ", ")
    throw RowFault("\(column): \"\(self[column])\" is none of \(names)")
  }

  func number<Number: FixedWidthInteger>(
    _ column: String, in range: ClosedRange<Number>
  ) throws(RowFault) -> Number {
    guard let number = Number(digits: self[column]), range.contains(number) else {
      throw RowFault(
        "\(column): \"\(self[column])\" is no whole number from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return number
  }
}
