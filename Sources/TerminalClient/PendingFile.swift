import Cryptography
import LinuxSystem
import TransactionModel

/// The pending changes of a terminal, sealed, in a file for its owner only.
///
/// The file has a fixed length: a head of 4096 bytes and 256 places of 4096 bytes, of which the
/// first 512 are used, so that no write touches the sector of another place.
///
/// | head | size | |
/// | --- | --- | --- |
/// | 0 | 8 | `POSDPEND` |
/// | 8 | 8 | format: 1 |
/// | 16 | 16 | salt |
/// | 32 | 16 | proof of the key |
///
/// | place | size | |
/// | --- | --- | --- |
/// | 0 | 12 | nonce, random |
/// | 12 | 16 | tag |
/// | 28 | 4 | the place's index, bound to the content |
/// | 32 | 480 | `PendingImage`, sealed with AES-256-GCM |
///
/// A place that is all zero is free. A change is written to a free place, and only when it is on
/// disk is the former copy of it overwritten with zeros. Hence whatever a crash tears was either
/// not sent yet, or answered already, or stands elsewhere too. A place that is neither zero nor
/// opens is named in `unreadablePlaces`, and stays until it is discarded.
///
/// The key is derived (HKDF) from the content of the terminal's private key file, the salt and the
/// terminal's id. So there is no second secret to keep, and the state directory, copied without
/// the key, tells nothing. Who replaces the key sends what is pending first; until then the file is
/// refused with `pendingUnreadable`. A file without any change takes the new key by itself.
struct PendingFile: ~Copyable {
  static let placeCount = 256
  static let placeStride = 4096
  static let placeByteCount = 512
  static let byteCount = placeStride * (placeCount + 1)
  private static let tagOffset = AESGCMNonce.byteCount
  private static let indexRange = 28..<32
  private static let freePlace = [UInt8](repeating: 0, count: placeByteCount)
  private static let contentRange = 32..<placeByteCount

  /// In the order in which the clerk made them.
  private(set) var changes: [PendingChange] = []
  private(set) var unreadablePlaces: [Int] = []

  private let file: File
  private let path: String
  private var cipher: AES256GCM
  private var places: [SystemTraceAuditNumber: Int] = [:]
  private var freePlaces: [Int] = []
  private var writeNumber: UInt64 = 0

  /// Opens the file, and makes it when there is none.
  static func open(
    _ directory: borrowing Directory, name: String, path: String, terminal: TerminalID,
    privateKey: [UInt8]
  ) throws(TerminalError) -> PendingFile {
    var file = try PendingFile(
      directory, name: name, path: path, terminal: terminal, privateKey: privateKey)
    try file.load()
    return file
  }

  private init(
    _ directory: borrowing Directory, name: String, path: String, terminal: TerminalID,
    privateKey: [UInt8]
  ) throws(TerminalError) {
    try reporting(path) { () throws(SystemError) in
      try Self.createIfMissing(directory, name: name, terminal, privateKey)
    }
    let file = try reporting(path) { () throws(SystemError) in
      try directory.openFile(name, .readWrite)
    }
    let key = try reporting(path) { () throws(SystemError) in
      try Self.key(of: file, terminal, privateKey)
    }
    guard let key else { throw .pendingUnreadable(path: path) }
    self.file = file
    self.path = path
    cipher = Self.cipher(key)
  }

  /// Throws when there is no room for another change.
  ///
  /// The last free place is for the new form of a change that has one already.
  func checkRoom() throws(TerminalError) {
    if freePlaces.count < 2 { throw .pendingFull(path: path, count: changes.count) }
  }

  /// Keeps a change, or its new form in the place of its former one; durable when this returns.
  mutating func keep(_ change: PendingChange) throws(TerminalError) {
    if places[change.id] == nil { try checkRoom() }
    guard let place = freePlaces.popLast() else {
      throw .pendingFull(path: path, count: changes.count)
    }
    writeNumber += 1
    do throws(SystemError) {
      try write(PendingImage(writeNumber: writeNumber, change: change), to: place)
      if let former = places.updateValue(place, forKey: change.id) { try clear(former) }
    } catch {
      throw .stateUnusable(path: path, error)
    }
    if let index = changes.firstIndex(where: { $0.id == change.id }) {
      changes[index] = change
    } else {
      changes.append(change)
    }
  }

  /// Takes a change away, bytes and all; durable when this returns.
  mutating func erase(_ id: SystemTraceAuditNumber) throws(TerminalError) {
    guard let place = places.removeValue(forKey: id) else { return }
    do throws(SystemError) { try clear(place) } catch { throw .stateUnusable(path: path, error) }
    changes.removeAll { $0.id == id }
  }

  /// Gives up what cannot be read.
  mutating func discardUnreadable() throws(TerminalError) {
    do throws(SystemError) {
      while let place = unreadablePlaces.popLast() { try clear(place) }
    } catch {
      throw .stateUnusable(path: path, error)
    }
  }

  // MARK: Places

  private mutating func load() throws(TerminalError) {
    var found: [(place: Int, image: PendingImage)] = []
    for place in (0..<Self.placeCount).reversed() {
      do throws(SystemError) {
        switch try read(place) {
        case .free: freePlaces.append(place)
        case .unreadable: unreadablePlaces.append(place)
        case .image(let image): found.append((place, image))
        }
      } catch {
        throw .stateUnusable(path: path, error)
      }
    }
    found.sort { $0.image.writeNumber < $1.image.writeNumber }
    writeNumber = found.last?.image.writeNumber ?? 0
    for (place, image) in found {
      let id = image.change.id
      changes.removeAll { $0.id == id }
      changes.append(image.change)
      guard let former = places.updateValue(place, forKey: id) else { continue }
      do throws(SystemError) { try clear(former) } catch {
        throw .stateUnusable(path: path, error)
      }
    }
    changes.sort { $0.order < $1.order }
  }

  private enum Content {
    case free
    case unreadable
    case image(PendingImage)
  }

  private mutating func write(_ image: PendingImage, to place: Int) throws(SystemError) {
    var block = FileBuffer(byteCount: Self.placeByteCount)
    do {
      var bytes = block.mutableBytes
      for (index, byte) in image.bytes.enumerated() {
        bytes.storeBytes(
          of: byte, toByteOffset: Self.contentRange.lowerBound + index, as: UInt8.self)
      }
      bytes.storeBytes(
        of: UInt32(place).bigEndian, toByteOffset: Self.indexRange.lowerBound, as: UInt32.self)
      let nonce = AESGCMNonce.random()
      let tag = cipher.seal(
        &bytes, content: Self.contentRange, header: Self.indexRange, nonce: nonce)
      nonce.store(into: &bytes, at: 0)
      tag.store(into: &bytes, at: Self.tagOffset)
    }
    try file.write(block.bytes, at: Self.offset(place))
    try file.synchronizeData()
  }

  private mutating func read(_ place: Int) throws(SystemError) -> Content {
    var block = FileBuffer(byteCount: Self.placeByteCount)
    _ = try block.withOutput(in: 0..<Self.placeByteCount) { (output) throws(SystemError) in
      try file.read(at: Self.offset(place), into: &output)
    }
    let sealed = block.bytes.array(first: Self.placeByteCount)
    if sealed == Self.freePlace { return .free }
    let nonce = AESGCMNonce(sealed.rawBytes)
    let tag = AESGCMTag(sealed.rawBytes, at: Self.tagOffset)
    var isProven = false
    do {
      var bytes = block.mutableBytes
      isProven = cipher.open(
        &bytes, content: Self.contentRange, header: Self.indexRange, nonce: nonce, tag: tag)
    }
    let index = sealed[Self.indexRange].reduce(0) { $0 << 8 | Int($1) }
    let opened = block.bytes.array(first: Self.placeByteCount)
    guard isProven, index == place, let image = PendingImage(Array(opened[Self.contentRange]))
    else { return .unreadable }
    return .image(image)
  }

  private mutating func clear(_ place: Int) throws(SystemError) {
    try file.write(Self.freePlace.rawBytes, at: Self.offset(place))
    try file.synchronizeData()
    freePlaces.append(place)
  }

  private static func offset(_ place: Int) -> Int { (place + 1) * placeStride }
}
