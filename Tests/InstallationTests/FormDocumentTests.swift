import Testing
import TransactionModel

@testable import Installation

@Suite("Form file")
struct FormDocumentTests {
  @Test("reads numbers, texts, words, fields to take away, and months claimed")
  func reads() throws {
    let document = try FormDocument(
      json: Array(
        """
        {"last_name": "DELGADO", "monthly_income": 0, "sex": "female", "middle_name": null,
         "retroactive_months": [null, {"residence": "yes", "need": "yes", "institution": "no",
           "medi_cal": "none", "other_coverage": 1, "family_size": 2, "monthly_income": 900}]}
        """.utf8), file: "form.json")
    #expect(document.client.text(.lastName) == "DELGADO")
    #expect(document.client.number(.monthlyIncome) == 0)
    #expect(document.client.number(.sex) == 1)
    #expect(document.client.isClearing(.middleName))
    #expect(
      document.claims == [
        nil,
        RetroactiveClaim(
          flags: RetroactiveClaim.isResidentBit | RetroactiveClaim.isInNeedBit, mediCal: .none,
          otherCoverage: .none, familySize: 2, monthlyIncome: 900),
        nil,
      ])
  }

  @Test(
    "names every mistake, and no value",
    arguments: [
      ("{\"last\": \"SECRET\"}", ["last"]), ("{\"sex\": \"SECRET\"}", ["sex"]),
      ("{\"last_name\": [1], \"birth_date\": \"SECRET\"}", ["last_name", "birth_date"]),
      ("{\"retroactive_months\": [null, null, null, null]}", ["retroactive_months"]),
      (
        "{\"retroactive_months\": [{\"need\": \"yes\"}]}",
        [
          "residence", "institution", "medi_cal", "other_coverage", "family_size",
          "monthly_income",
        ].map { "retroactive_months[0].\($0)" }
      ),
    ])
  func mistakes(json: String, places: [String]) {
    do throws(Mistakes) {
      _ = try FormDocument(json: Array(json.utf8), file: "form.json")
      Issue.record("it was taken")
    } catch {
      #expect(error.list.map(\.place) == places)
      #expect(!error.description.contains("SECRET"))
    }
  }
}
