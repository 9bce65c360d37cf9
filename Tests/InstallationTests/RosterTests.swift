import Testing
import TransactionModel

@testable import Installation

@Suite("Roster file")
struct RosterTests {
  private static func mistakes(_ json: String) -> [String] {
    do throws(Mistakes) {
      _ = try Roster(json: Array(json.utf8), file: "roster.json")
      return []
    } catch {
      return error.list.map(\.place)
    }
  }

  private static func site(_ replacing: String = "", _ text: String = "") -> String {
    let site = """
      {"npi": 1234567893, "name": "A", "role": "enrolling-clinic", "first_day": "2015-11-01",
       "terminals": [1, 2], "operators": [3], "cards": [{"first_serial": 100, "count": 10}]}
      """
    return replacing.isEmpty ? site : site.replacing(replacing, with: text)
  }

  @Test("comes back from its JSON as it was", arguments: [1, 3, 1_200])
  func roundTrip(terminalCount: Int) throws {
    let roster = Roster.test(terminalCount: terminalCount, cardCount: 50)
    #expect(try Roster(json: Array(roster.json.text.utf8), file: "roster.json") == roster)
    #expect(roster.registeredTerminals.count == terminalCount + 1)
    #expect(Set(roster.registeredTerminals.map(\.id)).count == terminalCount + 1)
    #expect(roster.sites.allSatisfy { $0.id.hasValidCheckDigit })
    let ranges = roster.registeredCards
    for (range, next) in zip(ranges, ranges.dropFirst()) {
      #expect(range.lastSerial < next.firstSerial)
    }
  }

  @Test(
    "names the place of every mistake",
    arguments: [
      ("1234567893", "1234567890", ["sites[0].npi"]), ("1234567893", "\"x\"", ["sites[0].npi"]),
      ("\"A\"", "\"\"", ["sites[0].name"]), ("\"A\"", "\"a\\nb\"", ["sites[0].name"]),
      (
        "\"A\"", "\"" + String(repeating: "x", count: 41) + "\"", ["sites[0].name"]
      ),
      ("enrolling-clinic", "clinic", ["sites[0].role"]),
      ("enrolling-clinic", "inquiry-only", ["sites[0].cards"]),
      ("2015-11-01", "2015-11-31", ["sites[0].first_day"]),
      ("[1, 2]", "[1, 1, 0]", ["sites[0].terminals[1]", "sites[0].terminals[2]"]),
      ("[3]", "3", ["sites[0].operators"]), ("[3]", "[true]", ["sites[0].operators[0]"]),
      ("\"count\": 10", "\"count\": 0", ["sites[0].cards[0].count"]),
      ("\"count\": 10", "\"count\": 9999999999999", ["sites[0].cards[0]"]),
      (
        "\"first_serial\": 100", "\"serial\": 100",
        [
          "sites[0].cards[0].serial", "sites[0].cards[0].first_serial",
        ]
      ),
      ("\"npi\"", "\"vouches\": 1, \"npi\"", ["sites[0].vouches"]),
      ("\"npi\"", "\"gateway_vouches\": 1, \"npi\"", ["sites[0].gateway_vouches"]),
    ])
  func mistakes(replaced: String, text: String, places: [String]) {
    #expect(Self.mistakes("{\"sites\": [\(Self.site(replaced, text))]}") == places)
  }

  @Test(
    "names the place of every mistake about people and providers",
    arguments: [
      ("[3]", "[{\"id\": 3}]", 3), ("[3]", "[{\"id\": 0, \(person)}]", 1),
      ("[3]", "[{\"id\": 3, \(person), \"age\": 4}]", 1),
      ("[3]", "[{\"id\": 3, \(person.replacing("1980-01-31", with: "1980-01-32"))}]", 1),
      ("[3]", "[{\"id\": 3, \(person.replacing("1980-01-31", with: "9998-01-31"))}]", 1),
      ("\"name\"", "\"provider\": 1234567893, \"name\"", 1),
      ("\"name\"", "\"last_day\": \"soon\", \"name\"", 1),
      ("\"name\"", "\"blank_cards\": -1, \"name\"", 1),
      ("[3]", "[{\"id\": 3, \(person)}]", 0), ("\"name\"", "\"blank_cards\": 9, \"name\"", 0),
    ])
  func people(replaced: String, text: String, count: Int) {
    #expect(Self.mistakes("{\"sites\": [\(Self.site(replaced, text))]}").count == count)
  }

  private static let person =
    #""last_name": "A", "first_name": "B", "birth_date": "1980-01-31""#

  @Test("in production an enrolling clinic's operators have names and birth dates")
  func production() throws {
    func isTaken(_ site: String) -> Bool {
      let json = Array("{\"sites\": [\(site)]}".utf8)
      return (try? Roster(json: json, file: "roster.json", environment: .production)) != nil
    }
    #expect(!isTaken(Self.site()))
    #expect(isTaken(Self.site("[3]", "[{\"id\": 3, \(Self.person)}]")))
  }

  @Test("finds what is taken already anywhere in the file")
  func taken() {
    let places = Self.mistakes(
      """
      {"sites": [\(Self.site()), \(Self.site("[3]", "[3, 4]"))],
       "voided": [{"first_serial": 109, "count": 1}], "unshipped": [{"first_serial": 110, "count": 1}]}
      """)
    #expect(
      places == [
        "sites[1].npi", "sites[1].terminals[0]", "sites[1].terminals[1]", "sites[1].operators[0]",
        "sites[1].cards[0]", "voided[0]",
      ])
  }

  @Test("wants sites", arguments: ["{}", "{\"sites\": []}", "[]", "{\"sites\": 1}"])
  func empty(text: String) {
    #expect(!Self.mistakes(text).isEmpty)
  }
}
