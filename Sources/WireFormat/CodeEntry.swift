public import TransactionModel

/// What people are told about a response code: one row of Protocol/codes.csv.
public struct CodeEntry: Sendable {
  /// Whether the same frame, sent again, can get another answer.
  public enum RepeatAdvice: String, Sendable, CaseIterable {
    /// After the time that the refusal names.
    case yes
    /// The answer is final for this frame.
    case no
    /// Once the cause is removed: see the clerk's action.
    case later
  }

  /// The code; `nil` in the row that stands for a whole class.
  public let code: ResponseCode?
  public let responseClass: ResponseClass
  /// The code's name in capitals, or that of the class.
  public let mnemonic: String
  /// Display lines; `YYYY-MM-DD` in the second marks the place of a date.
  public let english: DisplayText
  public let spanish: DisplayText
  /// For the receipt: read by the client, so free of codes and of personal data.
  public let textEnglish: String
  public let textSpanish: String
  /// What the clerk does next, in English.
  public let clerkAction: String
  public let repeatHelps: RepeatAdvice

  /// A row for one code.
  init(
    _ code: ResponseCode, _ mnemonic: String, english: DisplayText, spanish: DisplayText,
    textEnglish: String, textSpanish: String, clerkAction: String, repeatHelps: RepeatAdvice
  ) {
    self.code = code
    responseClass = code.responseClass
    self.mnemonic = mnemonic
    self.english = english
    self.spanish = spanish
    self.textEnglish = textEnglish
    self.textSpanish = textSpanish
    self.clerkAction = clerkAction
    self.repeatHelps = repeatHelps
  }

  /// A row for the codes of a class that have no row of their own.
  init(
    class responseClass: ResponseClass, _ mnemonic: String, english: DisplayText,
    spanish: DisplayText, textEnglish: String, textSpanish: String, clerkAction: String,
    repeatHelps: RepeatAdvice
  ) {
    code = nil
    self.responseClass = responseClass
    self.mnemonic = mnemonic
    self.english = english
    self.spanish = spanish
    self.textEnglish = textEnglish
    self.textSpanish = textSpanish
    self.clerkAction = clerkAction
    self.repeatHelps = repeatHelps
  }

  /// The text for the receipt.
  public func text(spanish isSpanish: Bool) -> String { isSpanish ? textSpanish : textEnglish }
}
