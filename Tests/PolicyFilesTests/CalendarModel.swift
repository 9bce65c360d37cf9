/// Days as places in a list that is written out day by day: a calendar made without the program's.
enum CalendarModel {
  /// Every day from 2020-01-01 to 2031-12-31.
  static let days: [(year: Int, month: Int, day: Int)] = {
    var days: [(year: Int, month: Int, day: Int)] = []
    for year in 2020...2031 {
      for month in 1...12 {
        for day in 1...length(month, year) { days.append((year, month, day)) }
      }
    }
    return days
  }()

  private static let places: [String: Int] = Dictionary(
    uniqueKeysWithValues: days.indices.map { (text($0), $0) })

  static func text(_ place: Int) -> String {
    let (year, month, day) = days[place]
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))"
  }

  static func place(_ text: String) -> Int { places[text] ?? -1 }

  /// The same day of the month, or its last, so many months on.
  static func adding(months: Int, to place: Int) -> Int {
    var (year, month, day) = days[place]
    for _ in 0..<abs(months) {
      month += months < 0 ? -1 : 1
      if month == 0 { (year, month) = (year - 1, 12) }
      if month == 13 { (year, month) = (year + 1, 1) }
    }
    day = min(day, length(month, year))
    return days.firstIndex { $0 == (year, month, day) } ?? -1
  }

  /// All days of the month that lies so many months before a day's.
  static func month(_ before: Int, before place: Int) -> [Int] {
    let (year, month, _) = days[adding(months: -before, to: place)]
    return days.indices.filter { days[$0].year == year && days[$0].month == month }
  }

  private static func length(_ month: Int, _ year: Int) -> Int {
    // No year here is a hundredth.
    [31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }
}
