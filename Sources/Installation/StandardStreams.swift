import Foundation

/// What a program says: answers on standard output, trouble on standard error.
///
/// Written at once and past stdio's buffer, so that a reader sees each line when it is said.
public enum StandardStreams {
  public static func write(_ text: String) {
    try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }

  public static func writeError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }
}
