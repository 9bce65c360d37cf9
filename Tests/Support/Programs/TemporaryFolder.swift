package import Foundation

/// A folder of a test, which goes with its owner.
package final class TemporaryFolder: Sendable {
  package let path: String

  package init() throws {
    let url = FileManager.default.temporaryDirectory
      .appending(path: "posd-\(UUID().uuidString.prefix(13))")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    path = url.path(percentEncoded: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  package func path(_ name: String) -> String { path + "/" + name }

  @discardableResult
  package func write(_ contents: [UInt8], to name: String) throws -> String {
    try Data(contents).write(to: URL(filePath: path(name)))
    return path(name)
  }
}

/// The content of every file below a folder, by its path there.
package func contents(below folder: String) throws -> [String: Data] {
  var files: [String: Data] = [:]
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    let path = folder + "/" + name
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
    files[name] = try Data(contentsOf: URL(filePath: path))
  }
  return files
}
