import Glibc

/// A line plot as inline SVG, without anything from elsewhere.
struct Plot {
  struct Line {
    var name: String
    /// One of the classes of the report's style: a, b, c, d.
    var style: String
    var points: [(x: Double, y: Double)]
  }

  var title: String
  var xTitle: String
  var yTitle: String
  var lines: [Line]
  /// Where the x axis ends at the earliest; else with the last point.
  var xEnd = -Double.infinity
  /// Latencies span decades; 0 is then left out.
  var isLogarithmic = false
  /// Places on the x axis and what is written there; from the points where there are none.
  var xTicks: [(x: Double, text: String)] = []

  private static let width = 860.0
  private static let height = 300.0
  private static let left = 70.0
  private static let right = 20.0
  private static let top = 34.0
  private static let bottom = 46.0

  var svg: String {
    let points = lines.flatMap(\.points).filter { !isLogarithmic || $0.y > 0 }
    guard let xMin = points.map(\.x).min(), let lastX = points.map(\.x).max(),
      let yMax = points.map(\.y).max(), let yMin = points.map(\.y).min()
    else { return "" }
    let xMax = max(lastX, xEnd)
    let x = Scale(
      from: xMin, to: xMax > xMin ? xMax : xMin + 1, at: Self.left, Self.width - Self.right)
    let y = yScale(yMin, yMax)
    var parts = [
      "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\">",
      "<title>\(title)</title>",
    ]
    for tick in yTicks(y) {
      let place = decimal(y.place(of: tick.value), 1)
      parts.append("<path class=\"grid\" d=\"M\(Self.left) \(place)H\(Self.width - Self.right)\"/>")
      parts.append(text(tick.text, Self.left - 6, y.place(of: tick.value) + 4, "end"))
    }
    for tick in xTicks.isEmpty ? evenTicks(x) : xTicks where tick.x >= xMin && tick.x <= xMax {
      parts.append(text(tick.text, x.place(of: tick.x), Self.height - Self.bottom + 18, "middle"))
    }
    for line in lines {
      let path = line.points.filter { !isLogarithmic || $0.y > 0 }.map { point in
        "\(decimal(x.place(of: point.x), 1)) \(decimal(y.place(of: value(point.y)), 1))"
      }
      guard !path.isEmpty else { continue }
      parts.append("<path class=\"line \(line.style)\" d=\"M\(path.joined(separator: "L"))\"/>")
    }
    parts += legend
    parts.append(text(xTitle, (Self.left + Self.width) / 2, Self.height - 8, "middle"))
    parts.append("</svg>")
    return parts.joined(separator: "\n")
  }

  private func value(_ y: Double) -> Double { isLogarithmic ? log10(y) : y }

  private func yScale(_ yMin: Double, _ yMax: Double) -> Scale {
    let base = Self.height - Self.bottom
    guard isLogarithmic else {
      return Scale(from: 0, to: yMax > 0 ? yMax * 1.05 : 1, at: base, Self.top)
    }
    let low = log10(yMin).rounded(.down)
    return Scale(from: low, to: max(low + 1, log10(yMax).rounded(.up)), at: base, Self.top)
  }

  private func yTicks(_ scale: Scale) -> [(value: Double, text: String)] {
    guard !isLogarithmic else {
      return stride(from: scale.from, through: scale.to, by: 1).map { power in
        (power, number(pow(10, power)))
      }
    }
    let step = Self.step(scale.to)
    return stride(from: 0, through: scale.to, by: step).map { ($0, number($0)) }
  }

  private func evenTicks(_ scale: Scale) -> [(x: Double, text: String)] {
    let step = Self.step(scale.to - scale.from)
    let first = (scale.from / step).rounded(.up) * step
    return stride(from: first, through: scale.to, by: step).map { ($0, number($0)) }
  }

  /// A round distance of four to ten ticks.
  private static func step(_ span: Double) -> Double {
    let power = pow(10, log10(span / 5).rounded(.down))
    let factor = [1.0, 2, 5].last { $0 * power * 4 <= span } ?? 1
    return factor * power
  }

  /// With as many places as a tick needs.
  private func number(_ value: Double) -> String {
    let places = value >= 1 || value == 0 ? 1 : 3
    var text = decimal(value, places)[...]
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
    return String(text)
  }

  private var legend: [String] {
    var place = Self.left
    var parts = [text(yTitle, 8, 16, "start")]
    place += 90
    for line in lines {
      parts.append("<path class=\"line \(line.style)\" d=\"M\(place) 12h18\"/>")
      parts.append(text(line.name, place + 24, 16, "start"))
      place += 60 + Double(line.name.count) * 8
    }
    return parts
  }

  private func text(_ text: String, _ x: Double, _ y: Double, _ anchor: String) -> String {
    "<text x=\"\(decimal(x, 1))\" y=\"\(decimal(y, 1))\" text-anchor=\"\(anchor)\">\(text)</text>"
  }

  private struct Scale {
    let from: Double
    let to: Double
    let start: Double
    let end: Double

    init(from: Double, to: Double, at start: Double, _ end: Double) {
      self.from = from
      self.to = to
      self.start = start
      self.end = end
    }

    func place(of value: Double) -> Double {
      start + (value - from) / (to - from) * (end - start)
    }
  }
}
