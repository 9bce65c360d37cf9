/// One thing that is wrong in a file: where, and what is wanted there.
public struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
  /// A key such as `listen.port`, or a place such as `sites[0].npi`; empty for the whole file.
  public let place: String
  public let wanted: String

  public init(_ place: String, _ wanted: String) {
    self.place = place
    self.wanted = wanted
  }

  public var description: String { place.isEmpty ? wanted : "\(place): \(wanted)" }
}

/// Everything that is wrong in a file, at once.
public struct Mistakes: Error, Hashable, Sendable, CustomStringConvertible {
  public let file: String
  public let list: [Mistake]

  public init(file: String, _ list: [Mistake]) {
    self.file = file
    self.list = list
  }

  /// One line for each mistake, which begins with the file's name.
  public var description: String {
    list.map { "\(file): \($0)" }.joined(separator: "\n")
  }
}
