/// One field of the client block: the data of the client eligibility certification form.
///
/// The raw value is the field's bit in the presence map.
public enum ClientField: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  case lastName = 0
  case firstName = 1
  case middleName = 2
  case suffix = 3
  case nameAtBirth = 4
  case mothersFirstName = 5
  case placeOfBirth = 6
  case benefitsCard = 7
  case birthDate = 8
  case socialSecurityNumber = 9
  case zipCode = 10
  case monthlyIncome = 11
  case familySize = 12
  case liveBirths = 13
  case county = 14
  case sex = 15
  case socialSecurityNumberReason = 16
  case maritalStatus = 17
  case raceEthnicity = 18
  case primaryLanguage = 19
  case mediCal = 20
  case otherCoverage = 21
  case confidentiality = 22
  case contactMethod = 23
  case residence = 24
  case institution = 25
  case need = 26
  case incomeBasis = 27
  case providerDetermination = 28
}

extension ClientField {
  /// Where the field stands in the client block, and what may stand in it.
  public struct Layout: Hashable, Sendable, BitwiseCopyable {
    public let offset: Int
    public let byteCount: Int
    public let content: FieldContent
    /// Whether a certification is incomplete without it.
    public let isRequired: Bool
    /// Whether an update may take it away.
    public let isClearable: Bool

    @inlinable
    init(offset: Int, byteCount: Int, content: FieldContent, isRequired: Bool, isClearable: Bool) {
      self.offset = offset
      self.byteCount = byteCount
      self.content = content
      self.isRequired = isRequired
      self.isClearable = isClearable
    }
  }

  /// The bit that says the field is present.
  @inlinable public var presenceBit: UInt64 { 1 << UInt64(rawValue) }

  /// All presence bits of the client block: as many as there are fields.
  @inlinable public static var presenceMask: UInt64 {
    1 << (UInt64(Self.providerDetermination.rawValue) + 1) - 1
  }

  /// Inlined, so that of a field that is known where it is asked for nothing is left but an offset.
  @inlinable @inline(__always)
  public var layout: Layout {
    switch self {
    case .lastName: .required(0, 32, .text)
    case .firstName: .clearable(32, 24, .text)
    case .middleName: .clearable(56, 16, .text)
    case .suffix: .clearable(72, 8, .text)
    case .nameAtBirth: .clearable(80, 32, .text)
    case .mothersFirstName: .clearable(112, 24, .text)
    case .placeOfBirth: .clearable(136, 24, .text)
    case .benefitsCard: .clearable(160, 16, .benefitsCard)
    case .birthDate: .required(176, 4, .date)
    case .socialSecurityNumber: .clearable(180, 4, .range(1, 999_999_999))
    case .zipCode: .clearable(184, 4, .range(1, 999_999_999))
    case .monthlyIncome: .required(188, 4, .range(0, 99_999_999))
    case .familySize: .required(192, 1, .range(1, 99))
    case .liveBirths: .clearable(193, 1, .range(0, 99))
    case .county: .required(194, 1, .county)
    case .sex: .required(195, 1, .range(1, 2))
    case .socialSecurityNumberReason: .clearable(196, 1, .range(1, 3))
    case .maritalStatus: .clearable(197, 1, .range(1, 6))
    case .raceEthnicity: .clearable(198, 1, .range(1, 99))
    case .primaryLanguage: .clearable(199, 1, .range(1, 99))
    case .mediCal: .required(200, 1, .range(1, 6))
    case .otherCoverage: .required(201, 1, .range(1, 6))
    case .confidentiality: .required(202, 1, .range(1, 2))
    case .contactMethod: .clearable(203, 1, .range(1, 6))
    case .residence: .required(204, 1, .range(1, 2))
    case .institution: .required(205, 1, .range(1, 2))
    case .need: .required(206, 1, .range(1, 2))
    case .incomeBasis: .clearable(207, 1, .range(1, 2))
    case .providerDetermination: .clearable(208, 1, .range(1, 2))
    }
  }
}

extension ClientField.Layout {
  @inlinable
  static func required(
    _ offset: Int, _ byteCount: Int, _ content: FieldContent
  ) -> Self {
    Self(
      offset: offset, byteCount: byteCount, content: content,
      isRequired: true, isClearable: false)
  }

  @inlinable
  static func clearable(
    _ offset: Int, _ byteCount: Int, _ content: FieldContent
  ) -> Self {
    Self(
      offset: offset, byteCount: byteCount, content: content,
      isRequired: false, isClearable: true)
  }
}
