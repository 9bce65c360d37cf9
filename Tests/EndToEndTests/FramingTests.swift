import ProgramSupport
import TLS
import Testing
import TransactionModel
import WireFormat

@Suite("The stream of frames", .showsDaemons, .served)
struct FramingTests {
  @Test("is parsed alike wherever a frame is split")
  func splitAnywhere() throws {
    let service = try Served.current()
    let connection = try service.connect()
    let other = try service.connect()
    var requests = Requests()
    let inquiry = RequestBody.inquiry(
      card: card(1_000_000_000_001), dateOfService: today, purpose: .information)
    let whole = try connection.exchange(requests.next(inquiry))
    for split in 1..<whole.count where split < InquiryRequestLayout.byteCount {
      let frame = requests.next(inquiry)
      try connection.send(Array(frame[..<split]))
      // An answer elsewhere: by now the first part has been read by itself.
      #expect(try other.isServed())
      try connection.send(Array(frame[split...]))
      let reply = try connection.receiveFrame()
      #expect(try decode(reply).header.traceNumber.rawValue == requests.traceNumber)
      #expect(
        reply[HeaderLayout.byteCount...] == whole[HeaderLayout.byteCount...], "split at \(split)")
    }
  }

  @Test("is parsed alike byte by byte, and with many frames in a record")
  func manyInARecord() throws {
    let connection = try Served.current().connect()
    var requests = Requests()
    for byte in requests.next(.echo) { try connection.send([byte]) }
    #expect(try decode(connection.receiveFrame()).header.traceNumber.rawValue == 1)
    let frames = (0..<200).map { _ in requests.next(.echo) }
    try connection.send(frames.flatMap(\.self))
    let answered = try (0..<200).map { _ in
      try decode(connection.receiveFrame()).header.traceNumber.rawValue
    }
    #expect(answered.sorted() == Array(2...201))
  }

  @Test("is parsed alike in pieces of any size")
  func pieces() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let connection = try Served.current().connect()
    var requests = Requests()
    var stream = (0..<60).flatMap { _ in requests.next(.echo) }
    while !stream.isEmpty {
      let piece = min(stream.count, .random(in: 1...300, using: &random))
      try connection.send(Array(stream.prefix(piece)))
      stream.removeFirst(piece)
    }
    let answered = try (0..<60).map { _ in
      try decode(connection.receiveFrame()).header.traceNumber.rawValue
    }
    #expect(answered.sorted() == Array(1...60), "seed \(seed)")
  }

  @Test("waits for the rest of half a TLS record without spinning, while others are served")
  func halfARecord() throws {
    let echoCount = 200
    // A daemon of its own: its wake-ups are counted.
    let service = try Service()
    let tap = try RecordTap(port: service.daemon.port, service.installation.context())
    let other = try service.connect()
    var requests = Requests()
    let record = tap.record(of: requests.next(.echo))
    try tap.carry(Array(record.prefix(record.count / 2)))
    let wakeUpsBefore = try service.count("reactors_wake_ups")
    for _ in 0..<echoCount { #expect(try other.isServed()) }
    let wakeUpCount = try service.count("reactors_wake_ups") - wakeUpsBefore
    #expect(wakeUpCount <= 3 * echoCount, "a reactor does not sleep")
    try tap.carry(Array(record.dropFirst(record.count / 2)))
    #expect(try tap.receivesSomething())
  }

  @Test(
    "ends without a reply at a length or a direction that cannot be",
    arguments: [
      [0, 0], [0, 40], [0, 47], [0, 49], [0, 50], [2, 8], [0xFF, 0xFF], [0, 48, 1, 0x83],
    ] as [[UInt8]])
  func closes(_ start: [UInt8]) throws {
    let service = try Served.current()
    let connection = try service.connect()
    let other = try service.connect()
    var requests = Requests()
    let frame = requests.next(.echo)
    // What was asked before is answered, what follows is not looked at.
    try connection.send(frame + start + frame.dropFirst(start.count) + frame)
    #expect(try decode(connection.receiveFrame()).header.traceNumber.rawValue == 1)
    #expect(connection.receive() == .closed)
    #expect(try other.isServed())
    let counter = start.count > 2 ? "closed_direction" : "closed_frame_length"
    #expect(try service.count(counter) > 0)
  }

  @Test("ends at bytes that are not TLS, and the alert can be read")
  func garbage() throws {
    let service = try Served.current()
    let connection = try service.connect()
    let other = try service.connect()
    #expect(try connection.isServed())
    connection.sendUnencrypted(Array(repeating: 0x5A, count: 64))
    let reading = connection.receive()
    guard case .failed(.peerAlert) = reading else {
      Issue.record("no alert but \(reading)")
      return
    }
    #expect(try other.isServed())
  }
}
