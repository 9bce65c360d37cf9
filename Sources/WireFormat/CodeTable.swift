public import TransactionModel

/// The texts of the response codes: Protocol/codes.csv, compiled in.
public enum CodeTable {
  /// The two display lines of a code; a date stands where the text has a place for one.
  public static func display(
    _ code: ResponseCode, spanish: Bool, date: CalendarDate
  ) -> DisplayText {
    DisplayText("", "")
  }
}
