public import TransactionModel

/// A frame that breaks a rule of the format: which rule, and in which field.
public struct FormatRefusal: Error, Hashable, Sendable {
  public let code: ResponseCode
  /// The number of the field in Protocol/fields.csv.
  public let fieldNumber: UInt16

  init(_ code: ResponseCode, _ field: Field) { self.init(code, field.number) }

  init(_ code: ResponseCode, _ fieldNumber: UInt16) {
    self.code = code
    self.fieldNumber = fieldNumber
  }

  /// The number of the rule in SPECIFICATION.md, "Rules of the format".
  public var ruleNumber: UInt16 { code.rawValue - 1000 }
}
