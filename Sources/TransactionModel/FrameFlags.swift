/// The flag byte of the frame header.
@frozen
public struct FrameFlags: OptionSet, Hashable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Sent before, and no answer came.
  @inlinable public static var `repeat`: FrameFlags { FrameFlags(rawValue: 0x01) }
  /// For practice: every rule runs, no record changes.
  @inlinable public static var training: FrameFlags { FrameFlags(rawValue: 0x02) }
  /// The card number was typed; otherwise it was swiped.
  @inlinable public static var keyed: FrameFlags { FrameFlags(rawValue: 0x04) }
  /// Kept by the terminal while the line was down.
  @inlinable public static var storedAndForward: FrameFlags { FrameFlags(rawValue: 0x08) }
  /// Part of a batch that may wait behind others.
  @inlinable public static var batch: FrameFlags { FrameFlags(rawValue: 0x10) }
  /// Display lines in Spanish.
  @inlinable public static var spanish: FrameFlags { FrameFlags(rawValue: 0x20) }
  /// In a reply: this is the answer given to an earlier copy of the request.
  @inlinable public static var storedReply: FrameFlags { FrameFlags(rawValue: 0x40) }
}

/// The installation that a frame, a certificate or a log belongs to.
public enum Environment: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case production = 1
  case test = 2
}

/// Why an inquiry is made.
public enum InquiryPurpose: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  /// To know; journals nothing in the state log.
  case information = 1
  /// To have a confirmation number that eligibility was looked up.
  case verify = 2
  /// The client affirmed income, family size and coverage, and nothing has changed.
  case reaffirm = 3

  @inlinable public var countsAsChange: Bool { self != .information }
}
