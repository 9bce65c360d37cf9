public import TransactionModel

extension HearingDecision {
  /// The criteria that do not count on a day, because a hearing decided for the client.
  public func liftedCriteria(on day: CalendarDate) -> FailedCriteria {
    outcome == .eligible && day <= lastDay ? liftedCriteria : []
  }
}

extension Determination {
  /// The same without criteria that a hearing has lifted.
  ///
  /// Where nothing else fails and income could not be judged, that is said still, unless the
  /// hearing was about income.
  public func lifting(_ lifted: FailedCriteria) -> Determination {
    guard !failedCriteria.isDisjoint(with: lifted) else { return self }
    var result = self
    result.failedCriteria.subtract(lifted)
    if result.failedCriteria.isEmpty, incomeTable.isNone,
      lifted.isDisjoint(with: [.income, .noIncomeTable])
    {
      result.failedCriteria = .noIncomeTable
    }
    return result
  }
}
