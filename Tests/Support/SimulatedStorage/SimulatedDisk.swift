/// A file as the disk has it and as the page cache shows it.
struct SimulatedFile {
  /// What a power loss leaves, apart from what is in `unsynced`.
  var durable: [UInt8] = []
  /// What reads show.
  var cached: [UInt8] = []
  /// Sectors written since the last sync; each has a fate of its own.
  var unsynced: Set<Int> = []
  /// Whether the length changed since the last sync.
  var isLengthUnsynced = false
}

/// One change of the directory: a name that goes and one that comes.
struct SimulatedNameChange {
  var removed: String?
  var added: (name: String, file: Int)?
}

/// The disk, the page cache and the directory of a simulated machine.
///
/// What was not synced has any fate when power is lost: each sector kept, dropped or garbage, each
/// name kept or dropped, in any subset. A sync that fails loses some of the same, and calls the
/// rest of it clean: reads go on showing it and later syncs pass it over.
struct SimulatedDisk {
  let sectorByteCount: Int
  var generator: SeededGenerator
  var files: [Int: SimulatedFile] = [:]
  var durableNames: [String: Int] = [:]
  var cachedNames: [String: Int] = [:]
  var unsyncedNames: [SimulatedNameChange] = []
  var capacity = Int.max
  private var nextFile = 0

  init(seed: UInt64, sectorByteCount: Int) {
    generator = SeededGenerator(seed: seed)
    self.sectorByteCount = sectorByteCount
  }

  var usedByteCount: Int {
    Set(cachedNames.values).reduce(0) { $0 + (files[$1]?.cached.count ?? 0) }
  }

  // MARK: Changes

  mutating func create(_ name: String) -> Int {
    nextFile += 1
    files[nextFile] = SimulatedFile()
    change(SimulatedNameChange(removed: nil, added: (name, nextFile)))
    return nextFile
  }

  mutating func change(_ change: SimulatedNameChange) {
    Self.apply(change, to: &cachedNames)
    unsyncedNames.append(change)
  }

  /// Writes a run of sectors, or some of them when the machine stops in the middle.
  mutating func write(_ bytes: [UInt8], at offset: Int, to file: Int, isCutShort: Bool = false) {
    let end = offset + bytes.count
    if files[file, default: .init()].cached.count < end { setLength(end, of: file) }
    for sector in offset / sectorByteCount...max(offset, end - 1) / sectorByteCount {
      if isCutShort && generator.oneIn(2) { continue }
      let start = max(offset, sector * sectorByteCount)
      let stop = min(end, (sector + 1) * sectorByteCount)
      files[file]?.cached.replaceSubrange(
        start..<stop, with: bytes[start - offset..<stop - offset])
      files[file]?.unsynced.insert(sector)
    }
  }

  mutating func setLength(_ byteCount: Int, of file: Int) {
    guard var value = files[file] else { return }
    if value.cached.count > byteCount {
      value.cached.removeSubrange(byteCount...)
    } else {
      value.cached += [UInt8](repeating: 0, count: byteCount - value.cached.count)
    }
    value.isLengthUnsynced = true
    files[file] = value
  }

  mutating func synchronize(_ file: Int) {
    guard var value = files[file] else { return }
    resize(&value.durable, like: value.cached)
    for sector in value.unsynced { copy(sector, from: value.cached, to: &value.durable) }
    value.unsynced = []
    value.isLengthUnsynced = false
    files[file] = value
  }

  /// Loses some of what was not synced, and marks all of it clean.
  mutating func failToSynchronize(_ file: Int) {
    settle(file)
    files[file]?.unsynced = []
    files[file]?.isLengthUnsynced = false
  }

  mutating func synchronizeNames() {
    for change in unsyncedNames { Self.apply(change, to: &durableNames) }
    unsyncedNames = []
  }

  mutating func failToSynchronizeNames() { settleNames() }

  /// What a read past the page cache gives: unsynced data is written back first, lost data is not
  /// there.
  func directContent(of file: Int) -> [UInt8] {
    guard let value = files[file] else { return [] }
    var content = value.durable
    resize(&content, like: value.cached)
    for sector in value.unsynced { copy(sector, from: value.cached, to: &content) }
    return content
  }

  // MARK: Power

  /// Decides the fate of all that was not synced, and empties the cache.
  mutating func losePower() {
    settleNames()
    cachedNames = durableNames
    for file in files.keys.sorted() {
      settle(file)
      guard var value = files[file] else { continue }
      value.cached = value.durable
      value.unsynced = []
      value.isLengthUnsynced = false
      files[file] = value
    }
  }

  private mutating func settle(_ file: Int) {
    guard var value = files[file] else { return }
    if value.isLengthUnsynced && generator.oneIn(2) || value.durable.count == value.cached.count {
      resize(&value.durable, like: value.cached)
    }
    // Whole writes survive or vanish more often than chance would have it sector by sector.
    let mood = Int.random(in: 0..<6, using: &generator)
    let sectors = value.unsynced.sorted()
    let turn = sectors.isEmpty ? 0 : Int.random(in: 0...sectors.count, using: &generator)
    for (index, sector) in sectors.enumerated() {
      switch mood {
      case 0: break
      case 1: copy(sector, from: value.cached, to: &value.durable)
      case 2: if index < turn { copy(sector, from: value.cached, to: &value.durable) }
      case 3: if index >= turn { copy(sector, from: value.cached, to: &value.durable) }
      default:
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: copy(sector, from: value.cached, to: &value.durable)
        case 1 where mood == 5: fillWithGarbage(sector, of: &value.durable)
        default: break
        }
      }
    }
    files[file] = value
  }

  private mutating func settleNames() {
    for change in unsyncedNames where generator.oneIn(2) { Self.apply(change, to: &durableNames) }
    unsyncedNames = []
  }

  private mutating func fillWithGarbage(_ sector: Int, of content: inout [UInt8]) {
    let start = sector * sectorByteCount
    for offset in start..<max(start, min(content.count, start + sectorByteCount)) {
      content[offset] = UInt8.random(in: 0...255, using: &generator)
    }
  }

  private func copy(_ sector: Int, from source: [UInt8], to target: inout [UInt8]) {
    let start = sector * sectorByteCount
    let end = min(source.count, target.count, start + sectorByteCount)
    if start < end { target.replaceSubrange(start..<end, with: source[start..<end]) }
  }

  private func resize(_ content: inout [UInt8], like other: [UInt8]) {
    if content.count > other.count {
      content.removeSubrange(other.count...)
    } else {
      content += [UInt8](repeating: 0, count: other.count - content.count)
    }
  }

  private static func apply(_ change: SimulatedNameChange, to names: inout [String: Int]) {
    if let removed = change.removed { names[removed] = nil }
    if let (name, file) = change.added { names[name] = file }
  }
}
