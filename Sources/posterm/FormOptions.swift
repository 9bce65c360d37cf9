import ArgumentParser
import Foundation
import Installation
import TerminalClient
import TransactionModel
import WireFormat

/// The data of the certification form: from a file, from single options, or from both.
struct FormOptions: ParsableArguments {
  @Option(help: "JSON file with the form's fields by their names in fields.csv.")
  var form: String?

  @Option var lastName: String?
  @Option var firstName: String?
  @Option var middleName: String?
  @Option(name: .customLong("name-suffix")) var suffix: String?
  @Option var nameAtBirth: String?
  @Option var mothersFirstName: String?
  @Option var placeOfBirth: String?
  @Option(name: .customLong("benefits-identification-card")) var benefitsCard: String?
  @Option var birthDate: String?
  @Option var socialSecurityNumber: String?
  @Option var zipCode: String?
  @Option(help: "Whole dollars.") var monthlyIncome: String?
  @Option var familySize: String?
  @Option var liveBirths: String?
  @Option(help: "1 to 58, or 99.") var county: String?
  @Option(help: "female or male.") var sex: String?
  @Option(help: "unknown, none or declined.") var socialSecurityNumberReason: String?
  @Option var maritalStatus: String?
  @Option var raceEthnicity: String?
  @Option var primaryLanguage: String?
  @Option(
    help: """
      none, full-scope, share-of-cost-met, share-of-cost-unmet, limited-scope or managed-care.
      """)
  var mediCal: String?
  @Option(
    help: """
      none, covers, without-contraceptives, deductible-unmet, copayment-only or \
      student-without-contraceptives.
      """)
  var otherCoverage: String?
  @Option(help: "Whether the client wants confidentiality: yes or no.") var confidentiality: String?
  @Option var contactMethod: String?
  @Option(help: "Whether the client lives in California: yes or no.") var residence: String?
  @Option(help: "Whether the client is held in an institution: yes or no.") var institution: String?
  @Option(help: "Whether the client has a need for the services: yes or no.") var need: String?
  @Option(help: "month or average.") var incomeBasis: String?
  @Option(help: "eligible or not-eligible.") var providerDetermination: String?

  private var typed: [(ClientField, String?)] {
    [
      (.lastName, lastName), (.firstName, firstName), (.middleName, middleName),
      (.suffix, suffix), (.nameAtBirth, nameAtBirth), (.mothersFirstName, mothersFirstName),
      (.placeOfBirth, placeOfBirth), (.benefitsCard, benefitsCard), (.birthDate, birthDate),
      (.socialSecurityNumber, socialSecurityNumber), (.zipCode, zipCode),
      (.monthlyIncome, monthlyIncome), (.familySize, familySize), (.liveBirths, liveBirths),
      (.county, county), (.sex, sex), (.socialSecurityNumberReason, socialSecurityNumberReason),
      (.maritalStatus, maritalStatus), (.raceEthnicity, raceEthnicity),
      (.primaryLanguage, primaryLanguage), (.mediCal, mediCal), (.otherCoverage, otherCoverage),
      (.confidentiality, confidentiality), (.contactMethod, contactMethod),
      (.residence, residence), (.institution, institution), (.need, need),
      (.incomeBasis, incomeBasis), (.providerDetermination, providerDetermination),
    ]
  }

  /// The form; single options replace what the file says.
  func document() throws -> FormDocument {
    var document = FormDocument()
    if let form {
      guard let data = FileManager.default.contents(atPath: form) else {
        throw Mistakes(file: form, [Mistake("", "cannot be read")])
      }
      document = try FormDocument(json: Array(data), file: form)
    }
    var mistakes: [String] = []
    for case (let field, let text?) in typed {
      do throws(FieldTextError) {
        try document.client.set(field, typed: text)
      } catch {
        mistakes.append(error.description)
      }
    }
    guard mistakes.isEmpty else { throw UsageError(mistakes.joined(separator: "\n")) }
    return document
  }
}
