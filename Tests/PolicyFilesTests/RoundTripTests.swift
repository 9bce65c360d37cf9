import EligibilityPolicy
import PolicyFiles
import Testing
import TransactionModel

@Suite("The compiled-in book")
struct RoundTripTests {
  @Test("is what its files say, versions included")
  func roundTrip() throws {
    let files = PolicyBook.compiledIn.files
    #expect(try PolicyBook(files: files) == PolicyBook.compiledIn)
    #expect(files.allSatisfy { $0.bytes.count <= PolicyFile.byteCountMax })
    #expect(Set(files.map(\.version)).count == files.count)
  }

  @Test("decides by a changed file under another version, and leaves the others as they were")
  func changed() throws {
    let book = try PolicyBook(
      files: files("income-2026-04-01.csv") { $0.replace(",3,4554,", with: ",3,4555,") })
    let day = CalendarDate(trusted: 2026_04_01)
    #expect(book.table(on: day)?.monthlyLimit(forFamilyOf: 3) == 4_555)
    #expect(book.table(on: day)?.version != PolicyBook.compiledIn.table(on: day)?.version)
    let earlier = CalendarDate(trusted: 2024_04_01)
    #expect(book.table(on: earlier) == PolicyBook.compiledIn.table(on: earlier))
  }

  @Test("names a file by the first eight bytes of its SHA-256")
  func version() {
    // FIPS 180-2, appendix B.1.
    let file = PolicyFile(name: "a.csv", bytes: Array("abc".utf8))
    #expect(file.version == 0xBA78_16BF_8F01_CFEA)
    #expect(UInt64(0xFF).versionText == "00000000000000ff")
  }

  @Test("takes other parameters of a policy set from its file")
  func parameters() throws {
    let book = try PolicyBook(
      files: files("policy-2015-11-01.csv") {
        $0.replace("period_days,365", with: "period_days,calendar_year")
        $0.replace("day_after_old_period", with: "day_of_recertification")
        $0.replace("renewal_opens_months,10", with: "renewal_opens_months,11")
        $0.replace("age_max_female,\nage_max_male,", with: "age_max_female,50\nage_max_male,51")
      })
    let set = try #require(book.set(on: CalendarDate(trusted: 2026_04_01)))
    #expect(set.periods.length == .calendarYear)
    #expect(set.periods.earlyRenewal == .dayOfRecertification)
    #expect(set.periods.renewalOpensMonths == 11)
    #expect(set.ageLimits?.male == 51)
  }

  @Test("may have a table staged, withdrawn for two weeks and put back")
  func withdrawn() throws {
    let book = try PolicyBook(
      files: files("calendar.csv") {
        $0.replace(
          "2024-04-01,2025-03-31,effective,2024-04-01\n",
          with: """
            2024-04-01,2024-04-09,effective,2024-04-01
            2024-04-10,2024-04-23,withdrawn,2024-04-01
            2024-04-10,2024-04-16,effective,2023-04-01
            2024-04-17,2024-04-23,gap,
            2024-04-24,2025-03-31,effective,2024-04-01

            """)
        $0.replace(
          "2023-04-01,2024-03-31,effective,2023-04-01\n",
          with: """
            2023-04-01,2024-03-31,effective,2023-04-01
            2024-02-20,2024-03-31,staged,2024-04-01

            """)
      })
    let deciding = [2024_03_31, 2024_04_09, 2024_04_10, 2024_04_17, 2024_04_24].map {
      book.table(on: CalendarDate(trusted: $0))?.effectiveFrom.yyyymmdd
    }
    #expect(deciding == [2023_04_01, 2024_04_01, 2023_04_01, nil, 2024_04_01])
  }
}
