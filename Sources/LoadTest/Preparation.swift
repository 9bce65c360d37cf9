import LinuxSystem
import WireFormat

/// Asks for every card once, to learn what it is.
final class CardLearning: Traffic {
  private let count: Int
  private var nextCard = 0

  init(count: Int) { self.count = count }

  func next(for connection: LoadConnection, _ driver: LoadDriver, at now: UInt64) -> Exchange? {
    guard nextCard < count, !connection.isSlow else { return nil }
    var exchange = Exchange(.inquiry, intendedNanoseconds: now)
    exchange.card = nextCard
    nextCard += 1
    return exchange
  }

  func answered(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ judgement: Judgement,
    _ driver: LoadDriver
  ) {
    guard judgement == .right else { return driver.book.setAside(exchange.card) }
    let serial = driver.book.serial(of: exchange.card)
    guard let state = CardState(frame, serial: serial) else {
      driver.recorder.foreignCardCount += 1
      return driver.book.setAside(exchange.card)
    }
    driver.book.learn(exchange.card, state)
    guard !state.isBlank else { return }
    do throws(LoadError) {
      try driver.journal?.began(exchange.card, state)
    } catch {
      driver.failure = error
    }
  }

  func isOver(at now: UInt64) -> Bool { nextCard == count }
}

/// Activates blank cards, so that there is something to ask for and to change.
final class CardActivation: Traffic {
  private var leftCount: Int

  init(count: Int) { leftCount = count }

  func next(for connection: LoadConnection, _ driver: LoadDriver, at now: UInt64) -> Exchange? {
    guard leftCount > 0, !connection.isSlow, let card = driver.book.takeBlank() else { return nil }
    leftCount -= 1
    var exchange = Exchange(.activate, intendedNanoseconds: now)
    exchange.card = card
    return exchange
  }

  func answered(
    _ exchange: Exchange, _ frame: borrowing FrameView, _ judgement: Judgement,
    _ driver: LoadDriver
  ) {
    // One that the server could not make now is not tried again: there are others.
    if driver.book.blank.isEmpty { leftCount = 0 }
  }

  func isOver(at now: UInt64) -> Bool { leftCount == 0 }
}
