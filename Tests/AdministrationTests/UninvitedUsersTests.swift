import Testing
import TransactionModel

@testable import Administration

@Suite("Users without a role who call")
struct UninvitedUsersTests {
  private func instant(_ milliseconds: UInt64) -> Instant {
    Instant(milliseconds: 1_775_000_000_000 + milliseconds)
  }

  private func isEntered(_ users: UninvitedUsers, _ user: UInt32, at now: Instant) -> Bool {
    users.enter(user, at: now) { true }
  }

  @Test("are entered once a minute each, however often they call")
  func oncePerMinute() {
    let users = UninvitedUsers()
    #expect(isEntered(users, 1, at: instant(0)))
    #expect(isEntered(users, 2, at: instant(1)))
    for time in stride(from: UInt64(2), to: 60_000, by: 500) {
      #expect(!isEntered(users, 1, at: instant(time)))
    }
    #expect(isEntered(users, 1, at: instant(60_000)))
    #expect(!isEntered(users, 2, at: instant(60_000)))
    #expect(isEntered(users, 2, at: instant(60_001)))
  }

  @Test("are no more in a minute than there is room for, and are forgotten after it")
  func bounded() {
    let users = UninvitedUsers()
    let count = UInt32(UninvitedUsers.userCountMax)
    for user in 0..<count { #expect(isEntered(users, user, at: instant(0))) }
    #expect(!isEntered(users, count, at: instant(59_999)))
    #expect(isEntered(users, 0, at: instant(60_000)))
    for user in count..<2 * count - 1 { #expect(isEntered(users, user, at: instant(60_000))) }
    #expect(!isEntered(users, 3 * count, at: instant(60_000)))
  }

  @Test("are entered by the next call when one could not be, and nobody is asked to without need")
  func notEntered() {
    let users = UninvitedUsers()
    #expect(!users.enter(1, at: instant(0)) { false })
    #expect(users.enter(1, at: instant(1)) { true })
    let isRefused = !users.enter(1, at: instant(2)) {
      Issue.record("entered twice within a minute")
      return true
    }
    #expect(isRefused)
  }
}
