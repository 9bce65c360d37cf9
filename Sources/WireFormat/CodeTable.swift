public import TransactionModel

/// The texts of the response codes: Protocol/codes.csv, compiled in.
///
/// A code without a row of its own gets the row of its class, so that a terminal knows what to show
/// for a code that is newer than it is. Looking up and displaying allocate nothing once the table
/// has been built, which happens on first use.
public enum CodeTable {
  /// The rows of the codes, in the order of the codes.
  public static let entries: [CodeEntry] =
    formatEntries + authorityEntries + inquiryDeclinedEntries + changeDeclinedEntries
    + approvedEntries + systemEntries

  /// The rows of the classes, in the order of their ranges; that of unknown codes is the last.
  public static let classes: [CodeEntry] = classEntries

  /// The row of a code, or of its class.
  public static func entry(for code: ResponseCode) -> CodeEntry {
    if let index = index(of: code) { return entries[index] }
    return classes[classIndex(of: code)]
  }

  /// The two display lines of a code; a date stands where the text has a place for one.
  public static func display(
    _ code: ResponseCode, spanish: Bool, date: CalendarDate
  ) -> DisplayText {
    if let index = index(of: code) {
      return (spanish ? entries[index].spanish : entries[index].english).showing(date)
    }
    let index = classIndex(of: code)
    return (spanish ? classes[index].spanish : classes[index].english).showing(date)
  }

  /// Where a code stands in `entries`; `nil` when it has no row.
  private static func index(of code: ResponseCode) -> Int? {
    let code = Int(code.rawValue)
    return code < places.count && places[code] < .max ? Int(places[code]) : nil
  }

  /// By code, where it stands in `entries`; `max` for a code without a row.
  private static let places: [UInt16] = {
    let codes = entries.map { Int($0.code?.rawValue ?? 0) }
    var places = [UInt16](repeating: .max, count: (codes.max() ?? 0) + 1)
    for (place, code) in codes.enumerated() { places[code] = UInt16(place) }
    return places
  }()

  private static func classIndex(of code: ResponseCode) -> Int {
    let responseClass = code.responseClass
    for index in classes.indices where classes[index].responseClass == responseClass {
      return index
    }
    preconditionFailure("a class of codes has no row")
  }
}
