public import TransactionModel

/// Where the terminal's clock stands against the server's.
public enum ClockState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
  case withinAllowance = 0
  case terminalBehind = 1
  case terminalAhead = 2
}

/// What an echo and a sign-off tell the terminal.
public struct EchoReply: Hashable, Sendable, BitwiseCopyable {
  public var serverTime: Instant
  public var clockState: ClockState
  /// How far the clocks are apart, in either direction.
  public var clockDifferenceMilliseconds: UInt32

  public init(serverTime: Instant, clockState: ClockState, clockDifferenceMilliseconds: UInt32) {
    self.serverTime = serverTime
    self.clockState = clockState
    self.clockDifferenceMilliseconds = clockDifferenceMilliseconds
  }
}

/// What a sign-on tells the terminal.
public struct SignOnReply: Hashable, Sendable, BitwiseCopyable {
  public var serverTime: Instant
  public var newestTraceNumber: UInt32
  public var framesInFlightMax: UInt16
  public var operatorIdleSeconds: UInt32
  public var connectionIdleSeconds: UInt32
  public var clockAllowanceSeconds: UInt32
  public var changeAgeSecondsMax: UInt32
  public var storedAgeSecondsMax: UInt32
  public var policySet: CalendarDate
  public var site: SiteID
  public var role: Role
  public var terminalState: RegisterState
  public var clockState: ClockState
  public var clockDifferenceMilliseconds: UInt32
  /// The versions of the protocol that the server speaks.
  public var lowestVersion = HeaderLayout.protocolVersion
  public var highestVersion = HeaderLayout.protocolVersion

  public init(
    serverTime: Instant, newestTraceNumber: UInt32, framesInFlightMax: UInt16,
    operatorIdleSeconds: UInt32, connectionIdleSeconds: UInt32, clockAllowanceSeconds: UInt32,
    changeAgeSecondsMax: UInt32, storedAgeSecondsMax: UInt32, policySet: CalendarDate,
    site: SiteID, role: Role, terminalState: RegisterState, clockState: ClockState,
    clockDifferenceMilliseconds: UInt32
  ) {
    self.serverTime = serverTime
    self.newestTraceNumber = newestTraceNumber
    self.framesInFlightMax = framesInFlightMax
    self.operatorIdleSeconds = operatorIdleSeconds
    self.connectionIdleSeconds = connectionIdleSeconds
    self.clockAllowanceSeconds = clockAllowanceSeconds
    self.changeAgeSecondsMax = changeAgeSecondsMax
    self.storedAgeSecondsMax = storedAgeSecondsMax
    self.policySet = policySet
    self.site = site
    self.role = role
    self.terminalState = terminalState
    self.clockState = clockState
    self.clockDifferenceMilliseconds = clockDifferenceMilliseconds
  }
}
