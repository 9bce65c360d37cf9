import Cryptography
import LinuxSystem
import TransactionModel

/// The head of the file, and the key that goes with it.
extension PendingFile {
  private static let magic = Array("POSDPEND".utf8) + [0, 0, 0, 0, 0, 0, 0, 1]
  private static let saltByteCount = 16
  private static let headByteCount = 48

  static func createIfMissing(
    _ directory: borrowing Directory, name: String, _ terminal: TerminalID, _ privateKey: [UInt8]
  ) throws(SystemError) {
    let names = try directory.names()
    guard !names.contains(name) else { return }
    let newName = name + ".new"
    if names.contains(newName) { try directory.remove(newName) }
    let file = try directory.createFile(newName)
    try file.writeZeros(at: 0, byteCount: byteCount)
    try writeHead(of: file, terminal, privateKey)
    try directory.rename(newName, to: name)
    try directory.synchronize()
  }

  private static func writeHead(
    of file: borrowing File, _ terminal: TerminalID, _ privateKey: [UInt8]
  ) throws(SystemError) {
    let salt = SecureRandom.bytes(count: saltByteCount)
    let head = magic + salt + keys(salt, terminal, privateKey).proof
    try file.write(head.rawBytes, at: 0)
    try file.synchronize()
  }

  /// The key that the file is sealed with; `nil` when it is not that of the private key.
  ///
  /// A file of the right length without any change is given to the key that asks.
  static func key(
    of file: borrowing File, _ terminal: TerminalID, _ privateKey: [UInt8]
  ) throws(SystemError) -> [UInt8]? {
    guard try file.byteCount() == byteCount else { return nil }
    for _ in 0..<2 {
      let head = try bytes(of: file, at: 0, count: headByteCount)
      let salt = Array(head.dropFirst(magic.count).prefix(saltByteCount))
      let keys = keys(salt, terminal, privateKey)
      if head == magic + salt + keys.proof { return keys.key }
      let content = try bytes(of: file, at: placeStride, count: byteCount - placeStride)
      guard content.allSatisfy({ $0 == 0 }) else { return nil }
      try writeHead(of: file, terminal, privateKey)
    }
    return nil
  }

  private static func bytes(
    of file: borrowing File, at offset: Int, count: Int
  ) throws(SystemError) -> [UInt8] {
    var buffer = FileBuffer(byteCount: count)
    _ = try buffer.withOutput(in: 0..<count) { (output) throws(SystemError) in
      try file.read(at: offset, into: &output)
    }
    return buffer.bytes.array(first: count)
  }

  private static func keys(
    _ salt: [UInt8], _ terminal: TerminalID, _ privateKey: [UInt8]
  ) -> (key: [UInt8], proof: [UInt8]) {
    let label = Array("posd terminal \(terminal.rawValue) pending changes 1".utf8)
    do throws(CryptographyError) {
      let bytes = try KeyDerivation.derive(
        key: privateKey, salt: salt, label: label, byteCount: AES256GCM.keyByteCount + 16)
      return (Array(bytes.prefix(AES256GCM.keyByteCount)), Array(bytes.suffix(16)))
    } catch {
      preconditionFailure("\(error)")
    }
  }

  static func cipher(_ key: [UInt8]) -> AES256GCM {
    do throws(CryptographyError) { return try AES256GCM(key: key) } catch {
      preconditionFailure("\(error)")
    }
  }
}
