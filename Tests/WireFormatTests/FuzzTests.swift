import Testing
import TransactionModel

@testable import WireFormat

@Suite("Whatever comes off the wire", .serialized)
struct FuzzTests {
  @Test(
    "is parsed, refused or closes, and what is parsed re-encodes to the same bytes",
    arguments: [11, 12, 13, 14] as [UInt64])
  func mutated(seed: UInt64) async {
    let faults = await onShallowStack {
      var generator = SeededGenerator(seed: seed)
      var faults = 0
      for _ in 0..<25_000 {
        guard let vector = ValidVector.all.randomElement(using: &generator) else { continue }
        var bytes = vector.bytes
        Self.mutate(&bytes, using: &generator)
        if Self.isFault(bytes, vector.direction) { faults += 1 }
      }
      return faults
    }
    #expect(faults == 0, "seed \(seed)")
  }

  @Test(
    "may be noise behind a plausible beginning", arguments: [21, 22, 23, 24] as [UInt64])
  func noise(seed: UInt64) async {
    let faults = await onShallowStack {
      var generator = SeededGenerator(seed: seed)
      var faults = 0
      for _ in 0..<25_000 {
        let isRequest = Bool.random(using: &generator)
        let type = MessageType.allCases.randomElement(using: &generator) ?? .echo
        let layout = isRequest ? MessageLayout.request(type) : MessageLayout.reply(type)
        let fill: UInt8 = [0, 0x20, 0x31, 0xFF].randomElement(using: &generator) ?? 0
        var bytes = [UInt8](repeating: fill, count: layout.byteCount)
        for offset in bytes.indices.suffix(48) { bytes[offset] = generator.nextByte() }
        bytes.replaceSubrange(
          0..<6,
          with: [
            UInt8(layout.byteCount >> 8), UInt8(layout.byteCount & 0xFF), 1,
            isRequest ? type.rawValue : type.rawValue | 0x80, 2, 0,
          ])
        Self.mutate(&bytes, using: &generator)
        if Self.isFault(bytes, isRequest ? .request : .reply) { faults += 1 }
      }
      return faults
    }
    #expect(faults == 0, "seed \(seed)")
  }

  private static func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      guard let place = bytes.indices.randomElement(using: &generator) else { return }
      switch UInt8.random(in: 0..<6, using: &generator) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
      case 2: bytes[place] = [0, 0x20, 0x7F, 0xFF].randomElement(using: &generator) ?? 0
      case 3: bytes.removeSubrange(place...)
      case 4: bytes += bytes.prefix(place)
      default:
        let end = min(place + 8, bytes.count)
        for offset in place..<end { bytes[offset] = 0xFF }
      }
    }
  }

  /// Whether a frame that was taken does not come back as the bytes it was.
  private static func isFault(_ bytes: [UInt8], _ direction: Direction) -> Bool {
    switch parse(bytes, direction) {
    case .incomplete, .closed, .refused: return false
    case .request(let header, let body):
      guard let again = encoded(header, body) else { return true }
      return again[...] != bytes.prefix(again.count)
    case .reply(let reply):
      if case .last(let last) = reply.message { _ = try? last.decodeStoredReply() }
      let again = encoded(reply)
      return again[...] != bytes.prefix(again.count)
    }
  }
}
