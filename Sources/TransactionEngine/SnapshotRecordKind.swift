/// What a record of a snapshot of the engine holds (LOG_FORMAT.md, "Snapshot").
///
/// Little-endian. Register entries have the kinds and the layouts of the log, without author; all
/// others count from 21. The records come in this order:
///
///     head            64:  0 8 mark of the confirmation key, 8 8 seed of the index,
///                          16 8 position of the register, 24 8 newest server time,
///                          32 8 changes up to this position cannot be reversed,
///                          40 8 how many cards, 48 8 how many key entries, 56 1 environment,
///                          57 7 zero
///     provider, site, terminal, operator, card range, outage: as in the log
///     site's cards    48:  0 8 site, 8 8 blank cards shipped, 16 8 blank cards used,
///                          24 8 cards of the year, 32 8 blank cards of the year, 40 4 year,
///                          44 4 zero
///     credential      48:  0 16 keyed digest, 16 8 operator, 24 8 when issued, 32 8 position,
///                          40 4 wrong tries, 44 1 whether there is a secret, 45 3 zero
///     session         32:  0 8 terminal, 8 8 operator, 16 8 last active, 24 8 position
///     policy file          0 8 position, 8 8 version, 16 4 bytes of the content, 20 2 bytes of the
///                          name, 22 2 zero, 24 name, then content
///     activation           0 8 position, 8 8 since when, 16 4 how many files, 20 1 whether they say
///                          what is compiled in, 21 3 zero, 24 8 position of each file
///     cards                record images, in the order in which cards got their records
///     keys                 entries of 8 bytes: card, by its number in that order, and fingerprint
///     terminal        32:  0 8 terminal, 8 8 forgotten through, 16 8 newest position,
///                          24 4 newest trace number, 28 4 largest trace number
///     answer         240:  0 16 content digest, 16 8 position, 24 8 transaction time,
///                          32 8 server time, 40 8 reversal, 48 16 card, 64 4 trace number,
///                          68 2 bytes of the reply, 70 2 bytes of the frame, 72 1 whether the
///                          record was changed, 73 7 zero, 80 160 reply; of the terminal before
///     undo                 0 8 number of the card, 8 8 position, 16 8 server time, 24 1 what was
///                          before: 0 the change cannot be reversed any more, 1 the image that
///                          follows, 2 no record; 25 7 zero, 32 of 1 the image
enum SnapshotRecordKind: UInt16, CaseIterable {
  case site = 2
  case terminal = 3
  case `operator` = 4
  case cardRange = 5
  case provider = 7
  case outage = 11

  case head = 21
  case siteCards = 22
  case credential = 23
  case session = 24
  case policyFile = 25
  case policyActivation = 26
  case cards = 27
  /// 28 had fingerprints that were made in another way: a snapshot with them is refused.
  case keys = 32
  case terminalHistory = 29
  case answer = 30
  case undo = 31

  /// The kind of the same entry in the log.
  var registerKind: RecordKind? {
    switch self {
    case .site, .terminal, .operator, .cardRange, .provider, .outage:
      RecordKind(rawValue: rawValue)
    default: nil
    }
  }
}

/// The first record: what the others rest on, and how much is to come.
struct SnapshotHead: Equatable {
  static let byteCount = 64

  var keyMark: UInt64
  var indexSeed: UInt64
  var registerPosition: UInt64
  var newestServerTime: UInt64
  var droppedThrough: UInt64
  var cardCount: UInt64
  var keyCount: UInt64
  var environment: UInt8

  func write(to output: inout OutputRawSpan) {
    for word in [
      keyMark, indexSeed, registerPosition, newestServerTime, droppedThrough, cardCount, keyCount,
      UInt64(environment),
    ] { output.put(word) }
  }

  init?(_ reader: inout RecordReader) {
    guard let keyMark: UInt64 = reader.next(), let indexSeed: UInt64 = reader.next(),
      let registerPosition: UInt64 = reader.next(), let newestServerTime: UInt64 = reader.next(),
      let droppedThrough: UInt64 = reader.next(), let cardCount: UInt64 = reader.next(),
      let keyCount: UInt64 = reader.next(), let environment: UInt8 = reader.next(),
      reader.skipZeros(7)
    else { return nil }
    self.init(
      keyMark: keyMark, indexSeed: indexSeed, registerPosition: registerPosition,
      newestServerTime: newestServerTime, droppedThrough: droppedThrough, cardCount: cardCount,
      keyCount: keyCount, environment: environment)
  }

  init(
    keyMark: UInt64, indexSeed: UInt64, registerPosition: UInt64, newestServerTime: UInt64,
    droppedThrough: UInt64, cardCount: UInt64, keyCount: UInt64, environment: UInt8
  ) {
    self.keyMark = keyMark
    self.indexSeed = indexSeed
    self.registerPosition = registerPosition
    self.newestServerTime = newestServerTime
    self.droppedThrough = droppedThrough
    self.cardCount = cardCount
    self.keyCount = keyCount
    self.environment = environment
  }
}
