public import TransactionModel

/// The client block within a message: the fields of the certification form, from `ClientField`.
public enum ClientBlockLayout {
  /// What the block is part of: it decides which fields must be there and which may be cleared.
  public enum Use: Sendable {
    case certification
    case update
    case reply
  }

  /// A field's number is this plus its presence bit.
  public static let firstNumber: UInt16 = 100
  static let reservedNumber: UInt16 = 139
  static let reservedByteCount = 7

  static func fields(at blockOffset: Int, in use: Use) -> [Field] {
    let fields = ClientField.allCases.map { field in
      let layout = field.layout
      return Field(
        firstNumber + UInt16(field.rawValue), field.name, at: blockOffset + layout.offset,
        layout.byteCount, layout.content, presenceBit: field.rawValue,
        isRequired: use == .certification && layout.isRequired,
        isClearable: use == .update && layout.isClearable)
    }
    let reserved = Field(
      reservedNumber, "reserved_client_block",
      at: blockOffset + ClientForm.blockByteCount - reservedByteCount, reservedByteCount,
      .reserved)
    return fields + [reserved]
  }
}

/// One month claimed in retrospect: bytes from the start of its slot.
enum RetroactiveClaimLayout {
  static let flags = 0
  static let mediCal = 1
  static let otherCoverage = 2
  static let familySize = 3
  static let monthlyIncome = 4
}

extension ClientField {
  /// The name in fields.csv.
  public var name: StaticString {
    switch self {
    case .lastName: "last_name"
    case .firstName: "first_name"
    case .middleName: "middle_name"
    case .suffix: "name_suffix"
    case .nameAtBirth: "name_at_birth"
    case .mothersFirstName: "mothers_first_name"
    case .placeOfBirth: "place_of_birth"
    case .benefitsCard: "benefits_identification_card"
    case .birthDate: "birth_date"
    case .socialSecurityNumber: "social_security_number"
    case .zipCode: "zip_code"
    case .monthlyIncome: "monthly_income"
    case .familySize: "family_size"
    case .liveBirths: "live_births"
    case .county: "county"
    case .sex: "sex"
    case .socialSecurityNumberReason: "social_security_number_reason"
    case .maritalStatus: "marital_status"
    case .raceEthnicity: "race_ethnicity"
    case .primaryLanguage: "primary_language"
    case .mediCal: "medi_cal"
    case .otherCoverage: "other_coverage"
    case .confidentiality: "confidentiality"
    case .contactMethod: "contact_method"
    case .residence: "residence"
    case .institution: "institution"
    case .need: "need"
    case .incomeBasis: "income_basis"
    case .providerDetermination: "provider_determination"
    }
  }
}
