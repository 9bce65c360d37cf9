import Testing
import TransactionModel

@testable import WireFormat

@Suite("The front of a receive buffer")
struct FramingTests {
  /// How many bytes the first frame has; `nil` while it is incomplete.
  private func frameByteCount(_ bytes: [UInt8], _ direction: Direction) throws -> Int? {
    try FrameView(prefixOf: unsafe bytes.span.bytes, direction)?.byteCount
  }

  @Test(
    "is incomplete at every shorter length, and a frame at its own",
    arguments: ValidVector.all)
  func lengths(vector: ValidVector) throws {
    for count in vector.bytes.indices {
      let part = Array(vector.bytes.prefix(count))
      #expect(try frameByteCount(part, vector.direction) == nil, "\(count)")
    }
    #expect(try frameByteCount(vector.bytes, vector.direction) == vector.bytes.count)
  }

  @Test("is the first of two frames, whatever follows it", arguments: ValidVector.all)
  func followed(vector: ValidVector) throws {
    let whole = vector.bytes.count
    for extra in [vector.bytes, [0xFF], [UInt8](repeating: 0, count: 512)] {
      let bytes = vector.bytes + extra
      #expect(try frameByteCount(bytes, vector.direction) == whole)
      let rest = Array(bytes.dropFirst(whole).prefix(whole))
      guard extra == vector.bytes else { continue }
      #expect(rest == vector.bytes)
      #expect(try frameByteCount(rest, vector.direction) == whole)
    }
  }

  @Test("closes the connection by length and direction alone, for every length and type")
  func closing() async throws {
    let wrong = await onShallowStack {
      (UInt16.min...UInt16.max).filter { length in
        let isPossible = (48...512).contains(length) && length % 8 == 0
        return switch parse([UInt8(length >> 8), UInt8(length & 0xFF)], .request) {
        case .incomplete: !isPossible
        case .closed(.frameLength(length)): isPossible
        default: true
        }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    for type in UInt8.min...UInt8.max {
      let bytes: [UInt8] = [0, 48, 1, type]
      let (right, wrong): (Direction, Direction) =
        type < 0x80 ? (.request, .reply) : (.reply, .request)
      #expect(try frameByteCount(bytes, right) == nil)
      #expect(throws: FramingError.direction(type)) { try frameByteCount(bytes, wrong) }
    }
  }

  @Test(
    "waits for the length and the type before it judges them",
    arguments: [[], [0xFF], [0, 48], [0, 48, 1]] as [[UInt8]])
  func waiting(bytes: [UInt8]) throws {
    #expect(try frameByteCount(bytes, .request) == nil)
  }

  @Test(
    "gives the same frames however a stream of them is split", arguments: [1, 2, 3] as [UInt64])
  func splits(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let frames = ValidVector.requests.shuffled(using: &generator).map { $0.bytes }
    var stream = frames.flatMap { $0 }[...]
    var received: [UInt8] = []
    var found: [[UInt8]] = []
    while !stream.isEmpty {
      let count = Int.random(in: 1...97, using: &generator)
      received += stream.prefix(count)
      stream = stream.dropFirst(count)
      while let byteCount = try frameByteCount(received, .request) {
        found.append(Array(received.prefix(byteCount)))
        received.removeFirst(byteCount)
      }
    }
    #expect(found == frames, "seed \(seed)")
    #expect(received.isEmpty)
  }
}
