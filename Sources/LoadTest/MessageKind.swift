import TransactionModel

/// What a request of a load test is, as plans and reports name it.
public enum MessageKind: String, CaseIterable, Sendable {
  case echo
  case signOn = "sign-on"
  /// Ends the operator's session: the terminal signs on again before its next request.
  case signOff = "sign-off"
  case inquiry
  /// An inquiry that may wait behind other requests.
  case batch
  /// An inquiry that is journalled by the server.
  case verify
  /// An inquiry that notes that the client affirmed: it makes a new version of the record.
  case reaffirm
  case activate
  /// Renews what a deactivation has ended: the new period waits until the old one is over.
  case recertify
  case update
  case deactivate
  /// An update for practice: it is decided, stored and answered, and changes nothing.
  case training
  /// Undoes a recertification, an update or a deactivation that no other change has followed.
  case reverse
  /// Asks for the stored answer of a change.
  case last
  /// A change that was answered, sent again: the stored answer has to come.
  case `repeat`
  /// A frame that breaks one rule of the format.
  case malformed
  /// Not a message: connecting, the handshake included.
  case connect

  /// Those that a mix may hold.
  public static let mixable: [MessageKind] = [
    .echo, .signOn, .signOff, .inquiry, .batch, .verify, .reaffirm, .activate, .recertify, .update,
    .deactivate, .training, .reverse, .last,
  ]

  /// Whether it is answered once and for all: a change in the sense of SPECIFICATION.md, 1.4.
  public var isChange: Bool {
    switch self {
    case .verify, .reaffirm, .activate, .recertify, .update, .deactivate, .training, .reverse: true
    case .echo, .signOn, .signOff, .inquiry, .batch, .last, .repeat, .malformed, .connect: false
    }
  }

  /// Whether a test undoes it: an activation, undone, would leave a blank card with a history.
  var isUndone: Bool { self == .recertify || self == .update || self == .deactivate }

  /// What its frames say of it beside their type.
  var flags: FrameFlags {
    switch self {
    case .batch: .batch
    case .training: .training
    default: []
    }
  }

  /// The type of its frames; of a repeat or a malformed frame that of what it is made from.
  var messageType: MessageType {
    switch self {
    case .echo, .connect: .echo
    case .signOn: .signOn
    case .signOff: .signOff
    case .inquiry, .batch, .verify, .reaffirm, .malformed: .inquiry
    case .activate: .activate
    case .recertify: .recertify
    case .update, .training, .repeat: .update
    case .deactivate: .deactivate
    case .reverse: .reverse
    case .last: .last
    }
  }
}

/// How often each kind of message is sent, by weight.
public struct MessageMix: Equatable, Sendable {
  public private(set) var weights: [(kind: MessageKind, weight: UInt32)]
  private let total: UInt64

  /// Keeps the order; at least one weight is above 0.
  public init(_ weights: [(kind: MessageKind, weight: UInt32)]) {
    self.weights = weights.filter { $0.weight > 0 }
    total = self.weights.reduce(0) { $0 + UInt64($1.weight) }
    precondition(total > 0, "a mix of nothing")
  }

  /// Reads `inquiry=90,update=10`.
  public init?(_ text: String) {
    var weights: [(kind: MessageKind, weight: UInt32)] = []
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let kind = MessageKind(rawValue: String(pair[0])),
        MessageKind.mixable.contains(kind), let weight = UInt32(pair[1]), weight <= 1_000_000,
        !weights.contains(where: { $0.kind == kind })
      else { return nil }
      weights.append((kind, weight))
    }
    guard weights.contains(where: { $0.weight > 0 }) else { return nil }
    self.init(weights)
  }

  public static func == (one: MessageMix, other: MessageMix) -> Bool {
    one.weights.elementsEqual(other.weights) { $0 == $1 }
  }

  func contains(_ kind: MessageKind) -> Bool { weights.contains { $0.kind == kind } }

  /// The share of a kind, from 0 to 1.
  func share(of kind: MessageKind) -> Double {
    let weight = weights.first { $0.kind == kind }?.weight ?? 0
    return Double(weight) / Double(total)
  }

  func pick(_ random: inout RandomNumbers) -> MessageKind {
    var rest = random.next(below: total)
    for entry in weights {
      if rest < UInt64(entry.weight) { return entry.kind }
      rest -= UInt64(entry.weight)
    }
    preconditionFailure("a number below the sum of all weights is below none of them")
  }
}

extension MessageMix: CustomStringConvertible {
  public var description: String {
    weights.map { "\($0.kind.rawValue)=\($0.weight)" }.joined(separator: ",")
  }
}
