import Installation

/// The log seen from outside: where the inspector of the log's own module is called.
enum LogInspection {
  static func verify(_ directory: String) throws -> LogVerdict {
    throw Mistakes(file: directory, [Mistake("", "logs cannot be inspected yet")])
  }

  static func dump(_ directory: String, from position: UInt64, limit: Int) throws -> LogVerdict {
    throw Mistakes(file: directory, [Mistake("", "logs cannot be inspected yet")])
  }
}
