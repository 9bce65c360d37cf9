public import LinuxSystem

/// Why no policy book could be read.
public enum PolicyFilesError: Error, Hashable, Sendable, CustomStringConvertible {
  case unreadable(path: String, SystemError)
  /// Everything that is wrong in the files, in the order of their names and lines.
  case mistakes([PolicyMistake])

  public var description: String {
    switch self {
    case .unreadable(let path, let error): "\(path): \(error)"
    case .mistakes(let list): list.map(\.description).joined(separator: "\n")
    }
  }
}

/// One thing that is wrong in a policy file.
public struct PolicyMistake: Hashable, Sendable, CustomStringConvertible {
  public let file: String
  /// From 1 on; 0 for the file as a whole.
  public let line: Int
  public let reason: String

  public init(_ file: String, line: Int = 0, _ reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  public var description: String {
    line == 0 ? "\(file): \(reason)" : "\(file): line \(line): \(reason)"
  }
}
