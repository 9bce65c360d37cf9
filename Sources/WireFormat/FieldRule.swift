import TransactionModel

/// What a field's content has to be, in the form in which it is judged: made once from its layout.
struct FieldRule: Sendable, BitwiseCopyable {
  enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// Eight bytes at most, within bounds and without certain bits; zero and anything count too.
    case number
    /// More than eight bytes of zero.
    case zeros
    /// More than eight bytes of anything.
    case opaque
    case county
    case date
    case dateOrNone
    case text
    case ascii
    case card
    case benefitsCard
    case cardOrBlank
    case confirmationOrBlank
    case retroactiveClaim
  }

  let kind: Kind
  let isAlwaysPresent: Bool
  let isText: Bool
  let isRequired: Bool
  let isClearable: Bool
  /// Where the number is, in a field of at most eight bytes.
  private let place: NumberPlace
  private let start: UInt16
  private let count: UInt16
  /// The field's number, which a refusal names.
  let number: UInt16
  let presenceBit: UInt64
  private let lowest: UInt64
  /// How far above the lowest a number may be.
  private let spread: UInt64
  /// Bits that may not be set.
  private let forbidden: UInt64
  /// What a refusal says.
  let code: ResponseCode

  init(_ field: Field, isPresenceMap: Bool = false) {
    kind = Kind(field)
    code = isPresenceMap ? .presenceBitUnknown : field.content.refusalCode
    isText = field.content.isText
    isRequired = field.isRequired
    isClearable = field.isClearable
    number = field.number
    isAlwaysPresent = field.presenceBit == nil
    presenceBit = field.presenceBit.map { 1 << UInt64($0) } ?? 0
    start = UInt16(field.offset)
    count = UInt16(field.byteCount)
    place = NumberPlace(field)
    switch field.content {
    case .identifier: (lowest, spread, forbidden) = (1, .max - 1, 0)
    case .range(let low, let high): (lowest, spread, forbidden) = (low, high - low, 0)
    case .bits(let mask): (lowest, spread, forbidden) = (0, .max, ~mask)
    case .reserved: (lowest, spread, forbidden) = (0, 0, 0)
    default: (lowest, spread, forbidden) = (0, .max, 0)
    }
  }

  /// Whether there is anything to judge.
  var isNeeded: Bool { !isAlwaysPresent || spread < .max || forbidden != 0 || kind.isNeeded }

  @inline(__always)
  var offset: Int { Int(start) }

  @inline(__always)
  var range: Range<Int> { offset..<offset + Int(count) }

  /// The number in the field, which has eight bytes at most.
  @inline(__always)
  func value(in frame: borrowing FrameView) -> UInt64 { place.value(in: frame) }

  /// Whether a number is one that may stand in the field.
  @inline(__always)
  func allows(_ value: UInt64) -> Bool {
    value &- lowest <= spread && value & forbidden == 0
  }

  /// Whether every byte of the field is zero.
  @inline(__always)
  func isZero(in frame: borrowing FrameView) -> Bool {
    count <= 8 ? value(in: frame) == 0 : frame.isFilled(range, with: 0)
  }

  /// Whether the field, which is present, holds the value that takes it away: blank, or all ones.
  @inline(__always)
  func isClearing(in frame: borrowing FrameView) -> Bool {
    if isText { return frame.isFilled(range, with: 0x20) }
    return kind != .retroactiveClaim && value(in: frame) == place.numberMax
  }
}

/// Where in a frame a number of at most eight bytes is.
///
/// Eight bytes that end with it are loaded, or the frame's first eight: no frame is shorter.
struct NumberPlace: Sendable, BitwiseCopyable {
  /// All ones of the number's width.
  let numberMax: UInt64
  private let loadOffset: UInt16
  /// How far the number is to the left in the eight bytes.
  private let shift: UInt8

  @inline(__always)
  init(_ field: Field) {
    let end = field.offset + field.byteCount
    let load = end > 8 ? end - 8 : 0
    loadOffset = UInt16(truncatingIfNeeded: load)
    shift = UInt8(truncatingIfNeeded: (load + 8 - end) * 8)
    numberMax = field.byteCount < 8 ? 1 << UInt64(field.byteCount * 8) - 1 : .max
  }

  @inline(__always)
  func value(in frame: borrowing FrameView) -> UInt64 {
    frame.bytes.bigEndian(at: Int(loadOffset), as: UInt64.self) &>> UInt64(shift) & numberMax
  }
}

extension FieldRule.Kind {
  fileprivate init(_ field: Field) {
    switch field.content {
    case .number, .identifier, .range, .bits: self = .number
    case .reserved: self = field.byteCount > 8 ? .zeros : .number
    case .opaque: self = field.byteCount > 8 ? .opaque : .number
    case .county: self = .county
    case .date: self = .date
    case .dateOrNone: self = .dateOrNone
    case .text: self = .text
    case .ascii: self = .ascii
    case .card: self = .card
    case .benefitsCard: self = .benefitsCard
    case .cardOrBlank: self = .cardOrBlank
    case .confirmationOrBlank: self = .confirmationOrBlank
    case .retroactiveClaim: self = .retroactiveClaim
    }
  }

  fileprivate var isNeeded: Bool { self != .number && self != .opaque }
}

extension FieldContent {
  /// Whether a number is one that may stand in a field of numbers.
  @inline(__always)
  func allows(_ number: UInt64) -> Bool {
    switch self {
    case .identifier: number != 0
    case .range(let low, let high): number >= low && number <= high
    case .bits(let mask): number & ~mask == 0
    case .reserved: number == 0
    case .number, .opaque: true
    default: preconditionFailure("a field that is more than a number")
    }
  }

  /// What is said of a field that breaks the rule; of a card number only if it has no form.
  var refusalCode: ResponseCode {
    switch self {
    case .number, .identifier, .range, .county, .bits, .opaque, .retroactiveClaim: .valueOutOfRange
    case .date, .dateOrNone: .dateImpossible
    case .reserved: .reservedNotZero
    case .text: .textMalformed
    case .ascii, .card, .benefitsCard, .cardOrBlank, .confirmationOrBlank: .textAlphabet
    }
  }
}

/// The rules of the messages of one direction, one after the other in the order in which a refusal
/// names what is broken: header, presence map, body.
struct FrameRules: Sendable {
  struct Message: Sendable {
    var rules: Range<Int>
    var byteCount: Int
    var flags: UInt8
    /// Where the presence map is; 0 for a message without one.
    var presenceOffset: Int
  }

  private(set) var rules: [FieldRule] = []
  /// By message type; those of types that do not exist are empty.
  private(set) var messages: [Message] = []

  private static let replyHeader = [
    HeaderLayout.environment, HeaderLayout.traceNumber, HeaderLayout.terminal,
    HeaderLayout.transactionTime,
  ]

  static let requests = FrameRules(header: [], MessageLayout.request)
  static let replies = FrameRules(header: replyHeader, MessageLayout.reply)
  /// The same for all types.
  static let refusals = FrameRules(header: []) { _ in .refusal }

  private init(header: [Field], _ layout: (MessageType) -> MessageLayout) {
    for rawType in 0...(MessageType.allCases.map(\.rawValue).max() ?? 0) {
      let layout = MessageType(rawValue: rawType).map(layout)
      let start = rules.count
      if let layout {
        rules += header.map { FieldRule($0) }
        rules += layout.presence.map { [FieldRule($0, isPresenceMap: true)] } ?? []
        rules += layout.fields.lazy.filter { $0.number != layout.presence?.number }
          .map { FieldRule($0) }.filter(\.isNeeded)
      }
      messages.append(
        Message(
          rules: start..<rules.count, byteCount: layout?.byteCount ?? 0,
          flags: layout?.flags.rawValue ?? 0, presenceOffset: layout?.presence?.offset ?? 0))
    }
  }
}
