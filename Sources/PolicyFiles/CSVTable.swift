/// A document whose first record names its columns; the columns may stand in any order.
package struct CSVTable {
  /// One record, looked into by the names of columns.
  package struct Row {
    package let line: Int
    private let fields: [String]
    private let places: [String: Int]

    fileprivate init(line: Int, fields: [String], places: [String: Int]) {
      self.line = line
      self.fields = fields
      self.places = places
    }

    /// A field of a column that the table was read with.
    package subscript(column: String) -> String {
      guard let place = places[column] else { preconditionFailure("no column \(column)") }
      return fields[place]
    }

    /// The fields of these places.
    package func fields(at places: [Int]) -> [String] { places.map { fields[$0] } }
  }

  /// A record that has the right form, or what is wrong with it.
  package enum Entry {
    case row(Row)
    case fault(line: Int, reason: String, fields: [String])
  }

  /// The names of the first record, in its order.
  package let columns: [String]
  package let entries: [Entry]

  /// Reads a table that has these columns, and says everything that is wrong with its header.
  ///
  /// Further columns are a mistake unless they are allowed.
  package init(
    _ bytes: [UInt8], columns wanted: [String], allowsFurtherColumns: Bool = false
  ) throws(CSVHeaderFault) {
    let records = CSVDocument(bytes).records
    guard let header = records.first else {
      throw CSVHeaderFault(["empty: a first line \(wanted.joined(separator: ",")) is wanted"])
    }
    if let fault = header.fault { throw CSVHeaderFault([fault]) }
    let names = header.fields
    var reasons = wanted.filter { !names.contains($0) }.map { "column \($0) is missing" }
    for (index, name) in names.enumerated() {
      let isWanted = wanted.contains(name)
      if !isWanted, !allowsFurtherColumns { reasons.append("column \(name) is unknown") }
      if isWanted, names[..<index].contains(name) { reasons.append("column \(name) stands twice") }
    }
    guard reasons.isEmpty else { throw CSVHeaderFault(reasons) }
    var places: [String: Int] = [:]
    for (index, name) in names.enumerated() where wanted.contains(name) { places[name] = index }
    columns = names
    entries = records.dropFirst().map { record in
      if let fault = record.fault {
        return .fault(line: record.line, reason: fault, fields: [])
      }
      guard record.fields.count == names.count else {
        let reason = "\(record.fields.count) fields where the first line has \(names.count)"
        return .fault(line: record.line, reason: reason, fields: record.fields)
      }
      return .row(Row(line: record.line, fields: record.fields, places: places))
    }
  }

  /// The places of the columns that were not asked for.
  package func furtherColumns(than wanted: [String]) -> [Int] {
    columns.indices.filter { !wanted.contains(columns[$0]) }
  }
}

/// Everything that is wrong with the first line of a table.
package struct CSVHeaderFault: Error {
  package let reasons: [String]
  init(_ reasons: [String]) { self.reasons = reasons }
}
