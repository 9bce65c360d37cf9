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
    index.rows[index.place(of: code)]
  }

  /// The two display lines of a code; a date stands where the text has a place for one.
  public static func display(
    _ code: ResponseCode, spanish: Bool, date: CalendarDate
  ) -> DisplayText {
    form(code, spanish: spanish).showing(date)
  }

  /// The two display lines of a code, still with the place for a date in them.
  @inline(__always)
  static func form(_ code: ResponseCode, spanish: Bool) -> DisplayText {
    let place = index.place(of: code)
    return spanish ? index.rows[place].spanish : index.rows[place].english
  }

  private static let index = Index()

  /// All rows, and the way to them: one value, so that asking whether it is made is done once.
  private struct Index {
    /// The first code above all classes.
    private static var unknownCode: UInt16 { 5_000 }

    let rows = entries + classes
    /// By code, the place of its row, or of that of its class; the last is that of all higher ones.
    private let places: [UInt16]

    init() {
      var places = (0...Self.unknownCode).map { number in
        let responseClass = ResponseCode(rawValue: number).responseClass
        guard let place = classes.firstIndex(where: { $0.responseClass == responseClass }) else {
          preconditionFailure("a class of codes has no row")
        }
        return UInt16(entries.count + place)
      }
      for (place, entry) in entries.enumerated() {
        if let code = entry.code { places[Int(code.rawValue)] = UInt16(place) }
      }
      self.places = places
    }

    func place(of code: ResponseCode) -> Int {
      Int(places[Int(min(code.rawValue, Self.unknownCode))])
    }
  }
}
