import Installation
import TransactionModel

/// The first records of a new log: the register, from the roster.
enum LogCreation {
  /// Makes the log in an empty data directory.
  static func createLog(
    in directory: String, roster: Roster, environment: TransactionModel.Environment
  ) throws {
  }
}
