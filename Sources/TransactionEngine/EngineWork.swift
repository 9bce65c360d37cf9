/// How often the engine has looked something up.
///
/// An answer that hides whether a record exists must cost as much as any other that hides it: what
/// is counted here can be compared.
package struct EngineWork: Hashable, Sendable {
  package var recordLookUps: UInt64
  /// Look-ups by a secondary key.
  package var keyLookUps: UInt64
  package var stockLookUps: UInt64
  /// Questions to the period rules.
  package var periodQuestions: UInt64

  package init(
    recordLookUps: UInt64 = 0, keyLookUps: UInt64 = 0, stockLookUps: UInt64 = 0,
    periodQuestions: UInt64 = 0
  ) {
    self.recordLookUps = recordLookUps
    self.keyLookUps = keyLookUps
    self.stockLookUps = stockLookUps
    self.periodQuestions = periodQuestions
  }
}
