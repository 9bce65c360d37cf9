import TransactionModel

@testable import WireFormat

/// The values that the vectors share.
enum Sample {
  static let card = CardScheme.healthAccessNumber(serial: 1_000_000_000_001)
  static let otherCard = CardScheme.healthAccessNumber(serial: 1_000_000_000_002)
  static let benefitsCard =
    CardNumber("90000001A25123") ?? .blank
  static let day = CalendarDate(trusted: 2026_04_15)
  /// 09:30 in California on that day.
  static let time = Instant(milliseconds: 1_776_270_600_000)
  static let site = SiteID(rawValue: 1_234_567_893)

  static func header(_ traceNumber: UInt32, _ flags: FrameFlags = []) -> RequestHeader {
    RequestHeader(
      environment: .test, flags: flags, traceNumber: SystemTraceAuditNumber(rawValue: traceNumber),
      software: SoftwareID(rawValue: 7), terminal: TerminalID(rawValue: 1001),
      transactionTime: time, operatorID: OperatorID(rawValue: 42))
  }

  static func secret(_ text: StaticString) -> Secret {
    var secret = Secret.none
    for (index, byte) in text.description.utf8.enumerated() { secret.bytes[index] = byte }
    return secret
  }

  /// A form with the required fields only; an income of 0 is an income.
  static var shortForm: ClientForm {
    var form = ClientForm()
    form.set(texts: [.lastName: "RIVERA"])
    form.set(numbers: [
      .birthDate: 1998_02_28, .monthlyIncome: 0, .familySize: 1, .county: 34, .sex: 1,
      .mediCal: 1, .otherCoverage: 1, .confidentiality: 1, .residence: 1, .institution: 1,
      .need: 1,
    ])
    return form
  }

  /// A form with every field.
  static var wholeForm: ClientForm {
    var form = shortForm
    form.set(texts: [
      .lastName: "GARCIA LOPEZ", .firstName: "MARIA", .middleName: "DEL CARMEN",
      .suffix: "JR", .nameAtBirth: "LOPEZ", .mothersFirstName: "ANA",
      .placeOfBirth: "SACRAMENTO CA", .benefitsCard: benefitsCard.revealed,
    ])
    form.set(numbers: [
      .socialSecurityNumber: 123_456_789, .zipCode: 95814, .monthlyIncome: 1850, .familySize: 3,
      .liveBirths: 0, .socialSecurityNumberReason: 1, .maritalStatus: 2, .raceEthnicity: 4,
      .primaryLanguage: 2, .contactMethod: 1, .incomeBasis: 1, .providerDetermination: 1,
    ])
    return form
  }

  /// Names whose letters take two, three and four bytes, one of them filling its field.
  static var accentedForm: ClientForm {
    var form = shortForm
    form.set(texts: [
      .lastName: "MUÑOZ–IBÁÑEZ", .firstName: "ZOË 𝔸", .nameAtBirth: "NGUYỄN THỊ HỒNG PHƯỢNG",
      .mothersFirstName: "MARÍA DE LOS ÁNGELES P", .placeOfBirth: "大阪",
    ])
    return form
  }

  static let claims: [RetroactiveClaim?] = [
    RetroactiveClaim(
      flags: RetroactiveClaim.isResidentBit | RetroactiveClaim.isInNeedBit, mediCal: .none,
      otherCoverage: .none, familySize: 3, monthlyIncome: 1700),
    nil,
    RetroactiveClaim(
      flags: RetroactiveClaim.isResidentBit, mediCal: .shareOfCostUnmet,
      otherCoverage: .deductibleUnmet, familySize: 2, monthlyIncome: 0),
  ]
}

extension ClientForm {
  fileprivate mutating func set(texts: [ClientField: String]) {
    for (field, text) in texts {
      precondition(set(field, to: text), "a text of a vector does not fit its field")
    }
  }

  fileprivate mutating func set(numbers: [ClientField: UInt32]) {
    for (field, number) in numbers { set(field, to: number) }
  }
}

extension ValidVector {
  init(_ name: String, _ header: RequestHeader, _ body: RequestBody) {
    guard let bytes = encoded(header, body) else { preconditionFailure("\(name) has no room") }
    self.init(name: name, direction: .request, bytes: bytes)
  }

  static let requests = sessionRequests + inquiryRequests + certifyRequests + otherRequests

  private static let sessionRequests = [
    ValidVector(
      "sign_on", Sample.header(1),
      .signOn(
        secret: Sample.secret("night-watch-42"), newSecret: .none,
        softwareVersion: "posterm 1.0", highestVersion: 1)),
    ValidVector(
      "sign_on_new_secret_spanish", Sample.header(2, .spanish),
      .signOn(
        secret: Sample.secret("night-watch-42"), newSecret: Sample.secret("day-watch-43"),
        softwareVersion: "posterm 1.0", highestVersion: 3)),
    ValidVector("echo", Sample.header(3), .echo),
    ValidVector("echo_repeated", Sample.header(3, .repeat), .echo),
    ValidVector("sign_off", Sample.header(4), .signOff),
    ValidVector("last_newest", Sample.header(5), .last(traceNumber: 0)),
    ValidVector("last_by_number", Sample.header(6), .last(traceNumber: 20)),
  ]

  private static let inquiryRequests = [
    ValidVector(
      "inquiry_swiped", Sample.header(10),
      .inquiry(card: Sample.card, dateOfService: Sample.day, purpose: .information)),
    ValidVector(
      "inquiry_keyed_benefits_card_spanish", Sample.header(11, [.keyed, .spanish]),
      .inquiry(card: Sample.benefitsCard, dateOfService: Sample.day, purpose: .information)),
    ValidVector(
      "inquiry_verify_training", Sample.header(12, .training),
      .inquiry(
        card: Sample.card, dateOfService: CalendarDate(trusted: 2024_02_29), purpose: .verify)),
    ValidVector(
      "inquiry_reaffirm_all_flags",
      Sample.header(UInt32.max, [.repeat, .training, .keyed, .storedAndForward, .batch, .spanish]),
      .inquiry(card: Sample.card, dateOfService: Sample.day, purpose: .reaffirm)),
  ]

  private static let certifyRequests = [
    ValidVector(
      "activate_required_fields_no_income", Sample.header(20),
      .activate(
        Certification(
          card: Sample.card, certificationDate: Sample.day, client: Sample.shortForm))),
    ValidVector(
      "activate_all_fields_claims", Sample.header(21, .keyed),
      .activate(
        Certification(
          card: Sample.otherCard, certificationDate: Sample.day, client: Sample.wholeForm,
          claims: Sample.claims))),
    ValidVector(
      "activate_accented_training_spanish", Sample.header(22, [.training, .spanish]),
      .activate(
        Certification(
          card: Sample.card, certificationDate: Sample.day, client: Sample.accentedForm))),
    ValidVector(
      "recertify_stored_and_forward_repeated", Sample.header(23, [.storedAndForward, .repeat]),
      .recertify(
        Certification(
          card: Sample.benefitsCard, certificationDate: Sample.day, client: Sample.wholeForm))),
  ]

  private static let otherRequests = [
    ValidVector(
      "update_set_and_cleared", Sample.header(30),
      .update(
        card: Sample.card, expectedVersion: 2,
        client: {
          var form = ClientForm()
          form.set(texts: [.lastName: "OKONKWO-RIVERA"])
          form.set(numbers: [.monthlyIncome: 0, .familySize: 4, .liveBirths: 0])
          for field in [
            ClientField.middleName, .benefitsCard, .socialSecurityNumber, .zipCode,
            .contactMethod, .incomeBasis,
          ] {
            form.setClearing(field)
          }
          return form
        }())),
    ValidVector(
      "update_all_cleared_batch", Sample.header(31, .batch),
      .update(
        card: Sample.card, expectedVersion: UInt32.max,
        client: {
          var form = ClientForm()
          for field in ClientField.allCases where field.layout.isClearable {
            form.setClearing(field)
          }
          return form
        }())),
    ValidVector(
      "deactivate_pregnancy", Sample.header(32),
      .deactivate(
        card: Sample.card, reason: .mediCal, subReason: .pregnancy,
        effectiveDate: CalendarDate(trusted: 2026_04_16))),
    ValidVector(
      "deactivate_training", Sample.header(33, .training),
      .deactivate(
        card: Sample.benefitsCard, reason: .sterilized, subReason: .none,
        effectiveDate: Sample.day)),
    ValidVector(
      "reverse", Sample.header(34),
      .reverse(
        traceNumber: SystemTraceAuditNumber(rawValue: 20), type: .activate, reason: 1,
        time: Sample.time)),
  ]
}
