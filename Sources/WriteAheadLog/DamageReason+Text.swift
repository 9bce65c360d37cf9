extension DamageReason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .fileMissing: "the file is missing"
    case .controlFileUnreadable: "neither copy of the control block is whole"
    case .header(let fault): "segment header: \(fault)"
    case .batch(let fault): "batch: \(fault)"
    case .fileCut(let byteCount): "the file is cut to \(byteCount) bytes"
    case .bytesBeyondLastBatch: "something is written behind the last batch"
    case .endMismatch: "the segment's end is not the one that is named elsewhere"
    case .predecessorMismatch: "the segment does not continue the one before it"
    case .record: "a record does not fill its place"
    }
  }
}

extension BlockFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .blank: "nothing is written there"
    case .tooShort: "shorter than it should be"
    case .noMagic: "not one of this log"
    case .impossibleSizes: "impossible sizes"
    case .digestMismatch: "the content does not match its digest"
    case .unknownVersion(let version): "of format version \(version), which is not known"
    case .unknownCipher: "of a cipher that is not known"
    case .undecipherable: "it does not open with the key that its segment names"
    case .impossibleField: "an impossible value in a field"
    case .foreign: "of another segment, history or log"
    case .outOfOrder: "not the one that follows the one before"
    case .serverTimeGoesBack: "server time goes back"
    }
  }
}
