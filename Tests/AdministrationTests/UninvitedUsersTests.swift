import Testing
import TransactionModel

@testable import Administration

@Suite("Users without a role who call")
struct UninvitedUsersTests {
  private func instant(_ milliseconds: UInt64) -> Instant {
    Instant(milliseconds: 1_775_000_000_000 + milliseconds)
  }

  @Test("are entered once a minute each, however often they call")
  func oncePerMinute() {
    let users = UninvitedUsers()
    #expect(users.isWorthEntering(1, at: instant(0)))
    #expect(users.isWorthEntering(2, at: instant(1)))
    for time in stride(from: UInt64(2), to: 60_000, by: 500) {
      #expect(!users.isWorthEntering(1, at: instant(time)))
    }
    #expect(users.isWorthEntering(1, at: instant(60_000)))
    #expect(!users.isWorthEntering(2, at: instant(60_000)))
    #expect(users.isWorthEntering(2, at: instant(60_001)))
  }

  @Test("are no more in a minute than there is room for, and are forgotten after it")
  func bounded() {
    let users = UninvitedUsers()
    let count = UInt32(UninvitedUsers.userCountMax)
    for user in 0..<count { #expect(users.isWorthEntering(user, at: instant(0))) }
    #expect(!users.isWorthEntering(count, at: instant(59_999)))
    #expect(users.isWorthEntering(0, at: instant(60_000)))
    for user in count..<2 * count - 1 { #expect(users.isWorthEntering(user, at: instant(60_000))) }
    #expect(!users.isWorthEntering(3 * count, at: instant(60_000)))
  }
}
