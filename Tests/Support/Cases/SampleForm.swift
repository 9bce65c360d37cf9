public import TransactionModel

/// Certification forms that the cases use: invented people.
public enum SampleForm {
  /// A woman of 30, family of three, income 2,400 a month, without any coverage: eligible.
  ///
  /// The limit for three is 4,554.
  public static let eligible = form(lastName: "Sample", firstName: "Ana", birthDate: 1996_03_14)

  /// The same person, her name written otherwise.
  public static let eligibleWrittenOtherwise = form(
    lastName: "SAM-PLE", firstName: "a n a", birthDate: 1996_03_14)

  /// Another person, eligible too.
  public static let otherEligible = form(
    lastName: "Other", firstName: "Beth", birthDate: 1990_01_31)

  /// The clinic's operator, as the register has her.
  public static let clinicOperator = form(
    lastName: "O'wn", firstName: "SELF", birthDate: 1985_07_09)

  /// A person whom nothing but the first name ties to any other; the number tells one from another.
  public static func stranger(_ number: UInt64) -> ClientForm {
    form(lastName: "Stranger \(number)", firstName: "Maria", birthDate: 1990_06_15)
      .with(.socialSecurityNumber, 200_000_000 + UInt32(number))
  }

  /// Eligible, and her address is nobody's business.
  public static let confidential = eligible.with(.confidentiality, 1)

  /// Over the income limit by a dollar.
  public static let incomeTooHigh = eligible.with(.monthlyIncome, 4_555)

  /// At the income limit, which is eligible.
  public static let incomeAtLimit = eligible.with(.monthlyIncome, 4_554)

  /// Fails every criterion there is on that day.
  public static let failsEverything =
    incomeTooHigh.with(.residence, 2).with(.need, 2).with(.institution, 1).with(.mediCal, 2)
    .with(.otherCoverage, 2)

  /// An update that changes nothing but what is set afterwards.
  public static let emptyUpdate = ClientForm()

  private static func form(
    lastName: String, firstName: String, birthDate: UInt32
  ) -> ClientForm {
    ClientForm()
      .with(.lastName, lastName).with(.firstName, firstName).with(.birthDate, birthDate)
      .with(.socialSecurityNumber, 123_456_789).with(.zipCode, 95_814_0001)
      .with(.monthlyIncome, 2_400).with(.familySize, 3).with(.liveBirths, 0)
      .with(.county, 34).with(.sex, 1).with(.mediCal, 1).with(.otherCoverage, 1)
      .with(.confidentiality, 2).with(.contactMethod, 1).with(.residence, 1)
      .with(.institution, 2).with(.need, 1)
  }
}

extension ClientForm {
  /// The form with a number in one field.
  public func with(_ field: ClientField, _ value: UInt32) -> ClientForm {
    var form = self
    form.set(field, to: value)
    return form
  }

  /// The form with a text in one field.
  public func with(_ field: ClientField, _ value: String) -> ClientForm {
    var form = self
    precondition(form.set(field, to: value), "a text that does not fit its field")
    return form
  }

  /// The form with one field left out.
  public func without(_ field: ClientField) -> ClientForm {
    var form = self
    form.remove(field)
    return form
  }

  /// The form asking that one field be cleared.
  public func clearing(_ field: ClientField) -> ClientForm {
    var form = self
    form.setClearing(field)
    return form
  }
}
