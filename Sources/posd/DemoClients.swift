import TransactionModel

/// The people of the demo, who do not exist.
enum DemoClients {
  static let newZipCode: UInt32 = 94_103_0000

  /// Eligible: no coverage, and an income below the limit for a family of three.
  static let maria = form(
    lastName: "DELGADO", firstName: "MARÍA", birthDate: 1998_03_21, familySize: 3, income: 1_850,
    otherCoverage: .none, wantsConfidentiality: false)

  /// Not eligible: her income is above the limit, and her insurance covers the services.
  static let lucia = form(
    lastName: "ROJAS", firstName: "LUCÍA", birthDate: 1991_11_02, familySize: 1, income: 9_400,
    otherCoverage: .coversFamilyPlanning, wantsConfidentiality: false)

  /// What changed when María moved.
  static let moved: ClientForm = {
    var form = ClientForm()
    form.set(.zipCode, to: newZipCode)
    return form
  }()

  private static func form(
    lastName: String, firstName: String, birthDate: UInt32, familySize: UInt32, income: UInt32,
    otherCoverage: OtherCoverage, wantsConfidentiality: Bool
  ) -> ClientForm {
    let (yes, no): (UInt32, UInt32) = (1, 2)
    let sanFrancisco: UInt32 = 38
    var form = ClientForm()
    for (field, text) in [(ClientField.lastName, lastName), (.firstName, firstName)] {
      let isSet = form.set(field, to: text)
      precondition(isSet, "a name of the demo does not fit")
    }
    form.set(.birthDate, to: birthDate)
    form.set(.monthlyIncome, to: income)
    form.set(.familySize, to: familySize)
    form.set(.zipCode, to: 94_110_0000)
    form.set(.county, to: sanFrancisco)
    form.set(.sex, to: UInt32(Sex.female.rawValue))
    form.set(.mediCal, to: UInt32(MediCalStatus.none.rawValue))
    form.set(.otherCoverage, to: UInt32(otherCoverage.rawValue))
    form.set(.confidentiality, to: wantsConfidentiality ? yes : no)
    form.set(.residence, to: yes)
    form.set(.institution, to: no)
    form.set(.need, to: yes)
    return form
  }
}
