import Installation
import TransactionEngine
import TransactionServer

extension EngineSettings {
  /// What the configuration file says of the rules.
  init(_ configuration: Configuration) {
    self.init(environment: configuration.environment)
    let rules = configuration.rules
    clockAllowanceMilliseconds = UInt64(rules.clockAllowanceSeconds) * 1000
    aheadMillisecondsMax = UInt64(rules.clockAheadSeconds) * 1000
    changeAgeMillisecondsMax = UInt64(rules.changeAgeSeconds) * 1000
    storedAgeMillisecondsMax = UInt64(rules.storedAgeSeconds) * 1000
    operatorIdleSeconds = UInt32(rules.operatorIdleSeconds)
    storedAnswerCountMax = rules.repeatWindowChanges
    storedAnswerAgeMillisecondsMax = UInt64(rules.repeatWindowSeconds) * 1000
    expectedCardCount = configuration.expectedCards
    let limits = ServerLimits(configuration.limits)
    connectionIdleSeconds = limits.idleSecondsStated
    framesInFlightMax = limits.framesInFlightStated
  }
}

extension ServerLimits {
  /// What the configuration file says of the load.
  init(_ limits: Configuration.Limits) {
    self.init()
    connectionCountMax = limits.connections
    connectionsPerAddressMax = limits.connectionsPerAddress
    handshakesInFlightMax = limits.handshakesInFlight
    handshakesPerAddressMax = limits.handshakesPerAddress
    handshakesPerSecondMax = limits.handshakesPerSecond
    handshakeDeadlineMilliseconds = UInt64(limits.handshakeSeconds) * 1000
    idleDeadlineMilliseconds = UInt64(limits.idleSeconds) * 1000
    writeStallMilliseconds = UInt64(limits.writeStallSeconds) * 1000
    framesInFlightMax = limits.framesInFlight
    framesPerTickMax = limits.framesPerTurn
  }
}
