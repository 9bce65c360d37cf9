import TransactionModel

@testable import WireFormat

extension RefusedVector {
  private static func client(_ field: ClientField) -> Field {
    guard
      let found = CertifyRequestLayout.fields.first(where: {
        $0.number == ClientBlockLayout.firstNumber + UInt16(field.rawValue)
      })
    else { preconditionFailure("a field of the client block is not in the layout") }
    return found
  }

  /// Another number in a field of the full activation.
  private static func number(
    _ name: String, _ field: ClientField, _ value: UInt32, _ reason: String
  ) -> RefusedVector {
    let target = client(field)
    return RefusedVector(
      name, "activate_all_fields_claims", at: target.offset,
      big(value).suffix(target.byteCount), .valueOutOfRange, target, reason)
  }

  private static func date(
    _ name: String, _ value: UInt32, _ reason: String
  ) -> RefusedVector {
    let field = InquiryRequestLayout.dateOfService
    return RefusedVector(
      name, "inquiry_swiped", at: field.offset, big(value), .dateImpossible, field, reason)
  }

  static let values: [RefusedVector] =
    [
      date("date_0", 0, "no date"),
      date("date_february_30", 2026_02_30, "no such day"),
      date("date_february_29_of_2023", 2023_02_29, "not a leap year"),
      date("date_february_29_of_1900", 1900_02_29, "not a leap year"),
      date("date_month_13", 2026_13_01, "no such month"),
      date("date_day_0", 2026_04_00, "no such day"),
      date("date_year_1599", 1599_12_31, "before 1600"),
      date("date_year_10000", 10000_01_01, "after 9999"),
      number("county_0", .county, 0, "1 to 58 or 99"),
      number("county_59", .county, 59, "1 to 58 or 99"),
      number("county_100", .county, 100, "1 to 58 or 99"),
      number("family_size_0", .familySize, 0, "at least 1"),
      number("family_size_100", .familySize, 100, "at most 99"),
      number("live_births_100", .liveBirths, 100, "at most 99"),
      number("income_100000000", .monthlyIncome, 100_000_000, "at most 99999999"),
      number(
        "social_security_number_0", .socialSecurityNumber, 0, "present and yet none"),
      number("sex_3", .sex, 3, "1 or 2"),
      number("medi_cal_0", .mediCal, 0, "1 to 6"),
      RefusedVector(
        "purpose_0", "inquiry_swiped", at: 68, [0], .valueOutOfRange,
        InquiryRequestLayout.purpose, "1 to 3"),
      RefusedVector(
        "reason_7", "deactivate_pregnancy", at: 64, [7], .valueOutOfRange,
        DeactivateRequestLayout.reason, "1 to 6"),
      RefusedVector(
        "original_type_echo", "reverse", at: 52, [3], .valueOutOfRange,
        ReverseRequestLayout.originalType, "not a change"),
      RefusedVector(
        "original_trace_number_0", "reverse", at: 48, zeros(4), .valueOutOfRange,
        ReverseRequestLayout.originalTraceNumber, "the original has a trace number"),
      RefusedVector(
        "expected_version_0", "update_set_and_cleared", at: 72, zeros(4), .valueOutOfRange,
        UpdateRequestLayout.expectedVersion, "a record that can be updated has a version"),
      RefusedVector(
        "highest_version_0", "sign_on", at: 96, [0], .valueOutOfRange,
        SignOnRequestLayout.highestVersion, "at least 1"),
      RefusedVector(
        "claim_flag_0x08", "activate_all_fields_claims", at: 296, [0x08], .valueOutOfRange,
        CertifyRequestLayout.claims[0], "no such flag of a claim"),
      RefusedVector(
        "claim_all_ones", "activate_all_fields_claims", at: 296,
        [UInt8](repeating: 0xFF, count: 8), .valueOutOfRange, CertifyRequestLayout.claims[0],
        "a claim cannot be cleared"),
    ]

  private static func lastName(
    _ name: String, _ text: [UInt8], first: Int = 0, _ reason: String
  ) -> RefusedVector {
    let field = client(.lastName)
    return RefusedVector(
      name, "activate_all_fields_claims", at: field.offset,
      text + [UInt8](repeating: 0x20, count: field.byteCount - text.count), .textMalformed,
      field, first: field.offset + first, reason)
  }

  static let texts: [RefusedVector] =
    [
      lastName("text_nul_padding", [0x4C, 0x4F, 0x00], first: 2, "padding is spaces"),
      lastName("text_line_feed", [0x4C, 0x0A], first: 1, "control character"),
      lastName("text_delete", [0x7F], "control character"),
      lastName("text_c1", [0x4C, 0xC2, 0x85], first: 1, "control character U+0085"),
      lastName("text_latin_1", [0x4D, 0x55, 0xD1, 0x4F, 0x5A], first: 2, "not UTF-8"),
      lastName("text_stray_continuation", [0x80], "not UTF-8"),
      lastName("text_two_byte_overlong", [0xC0, 0xAF], "not the shortest form"),
      lastName("text_three_byte_overlong", [0xE0, 0x9F, 0xBF], "not the shortest form"),
      lastName("text_four_byte_overlong", [0xF0, 0x8F, 0xBF, 0xBF], "not the shortest form"),
      lastName("text_surrogate", [0xED, 0xA0, 0x80], "half of a pair"),
      lastName("text_above_u_10ffff", [0xF4, 0x90, 0x80, 0x80], "no such character"),
      lastName("text_lead_0xff", [0x4C, 0xFF], first: 1, "not UTF-8"),
      lastName("text_right_to_left_override", [0xE2, 0x80, 0xAE], "U+202E reorders the line"),
      lastName("text_right_to_left_mark", [0xE2, 0x80, 0x8F], "U+200F reorders the line"),
      lastName("text_line_separator", [0xE2, 0x80, 0xA8], "U+2028 breaks the line"),
      RefusedVector(
        "text_cut_at_end_of_field", "activate_all_fields_claims",
        at: client(.lastName).range.upperBound - 1, [0xC3], .textMalformed, client(.lastName),
        "cut inside a character"),
      RefusedVector(
        "software_version_not_ascii", "sign_on", at: 80, [0xC3, 0xA9], .textAlphabet,
        SignOnRequestLayout.softwareVersion, "printable ASCII only"),
    ]

  private static func card(
    _ name: String, _ text: String, _ code: ResponseCode, first: Int, _ reason: String
  ) -> RefusedVector {
    let field = InquiryRequestLayout.card
    let padding = String(repeating: " ", count: field.byteCount - text.utf8.count)
    return RefusedVector(
      name, "inquiry_swiped", at: field.offset, Array((text + padding).utf8), code, field,
      first: field.offset + first, reason)
  }

  static let cards: [RefusedVector] = {
    var wrongDigit = Array(Sample.card.revealed)
    wrongDigit[13] = wrongDigit[13] == "0" ? "1" : "0"
    let right = Sample.card.revealed
    return [
      card(
        "card_check_digit", String(wrongDigit), .checkDigitWrong, first: 13,
        "Luhn sum not a multiple of ten"),
      card("card_blank", "", .textAlphabet, first: 0, "no number"),
      card("card_too_short", String(right.dropLast()), .textAlphabet, first: 13, "13 characters"),
      card("card_too_long", right + "0", .textAlphabet, first: 14, "15 characters"),
      card("card_indented", " " + right, .textAlphabet, first: 0, "not left-aligned"),
      card("card_dashes", "1000-0000000018", .textAlphabet, first: 4, "digits only"),
      card(
        "benefits_card_small_letter", "90000001a25123", .textAlphabet, first: 8,
        "capital letters only"),
      card(
        "benefits_card_letter_misplaced", "9000000A125123", .textAlphabet, first: 7,
        "the letter is the ninth character"),
      RefusedVector(
        "health_access_card_as_benefits_card", "activate_all_fields_claims",
        at: client(.benefitsCard).offset, Array(right.utf8), .textAlphabet,
        client(.benefitsCard), first: client(.benefitsCard).offset + 8,
        "a benefits card has a letter"),
    ]
  }()
}

// MARK: Presence and reserved bytes

extension RefusedVector {
  static let presence: [RefusedVector] = {
    let map = CertifyRequestLayout.presence
    let short = "activate_required_fields_no_income"
    let whole = number(map, in: valid(short))
    let required = ClientField.allCases.filter { $0.layout.isRequired }.map { field in
      var bytes = valid(short)
      let target = client(field)
      bytes.replaceSubrange(target.range, with: zeros(target.byteCount))
      bytes.replaceSubrange(map.range, with: big(whole & ~field.presenceBit))
      return RefusedVector(
        name: "absent_\(target.name)", bytes: bytes,
        fate: .refusal(
          code: ResponseCode.requiredFieldAbsent.rawValue, field: target.number),
        offset: target.offset, reason: "required")
    }
    return required + [
      RefusedVector(
        "presence_bit_63", short, at: map.offset, [0x80], .presenceBitUnknown, map,
        "no such field"),
      RefusedVector(
        "presence_bit_29_in_update", "update_set_and_cleared",
        at: UpdateRequestLayout.presence.offset + 4, [0x20], .presenceBitUnknown,
        UpdateRequestLayout.presence, "an update has no claims"),
      RefusedVector(
        "absent_text_blank", short, at: client(.firstName).offset,
        [UInt8](repeating: 0x20, count: 24), .absentNotZero, client(.firstName),
        "absent and yet filled"),
      RefusedVector(
        "absent_number_filled", short, at: client(.zipCode).offset, big(UInt32(95_814)),
        .absentNotZero, client(.zipCode), first: client(.zipCode).offset + 1,
        "absent and yet filled"),
      RefusedVector(
        "absent_claim_filled", short, at: CertifyRequestLayout.claimOffset + 7, [1],
        .absentNotZero, CertifyRequestLayout.claims[0], "absent and yet filled"),
      RefusedVector(
        "clear_last_name_in_update", "update_set_and_cleared", at: client(.lastName).offset,
        [UInt8](repeating: 0x20, count: 32), .clearNotAllowed, client(.lastName),
        "cannot be cleared"),
      RefusedVector(
        "clear_income_in_update", "update_set_and_cleared", at: client(.monthlyIncome).offset,
        [0xFF, 0xFF, 0xFF, 0xFF], .clearNotAllowed, client(.monthlyIncome),
        "cannot be cleared"),
      RefusedVector(
        "clear_family_size_in_update", "update_set_and_cleared",
        at: client(.familySize).offset, [0xFF], .clearNotAllowed, client(.familySize),
        "cannot be cleared"),
      RefusedVector(
        "clear_first_name_in_activation", "activate_all_fields_claims",
        at: client(.firstName).offset, [UInt8](repeating: 0x20, count: 24), .clearNotAllowed,
        client(.firstName), "an activation leaves it out"),
    ]
  }()

  private static func number(_ field: Field, in bytes: [UInt8]) -> UInt64 {
    bytes[field.range].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The last byte of every reserved field of every request.
  static let reserved: [RefusedVector] = MessageType.allCases.flatMap { type in
    let layout = MessageLayout.request(type)
    return layout.fields.filter { $0.content == .reserved }.map { field in
      guard let vector = ValidVector.requests.first(where: { $0.bytes[3] == type.rawValue })
      else { preconditionFailure("a message has no vector") }
      return RefusedVector(
        "\(layout.name)_\(field.name)", vector.name, at: field.range.upperBound - 1, [1],
        .reservedNotZero, field, "reserved")
    }
  }
}
