import Foundation
import FoundationXML
import Installation
import Testing

@testable import LoadTest

@Suite("A report")
struct ReportTests {
  static let result: LoadResult = {
    var result = ThresholdTests.result
    result.intervalSeconds = 0.5
    result.intervals = (0..<4).map { place in
      var interval = IntervalResult()
      interval.latencies.record(UInt64(place + 1) * 1_000_000)
      return interval
    }
    result.checkedCount = 100
    result.warnings = ["this <client> was a bottleneck"]
    return result
  }()

  @Test("has a table by message type")
  func table() {
    let text = SummaryTable(Self.result).text
    #expect(
      text.contains(
        "inquiry    50.0  50.004  90.178  99.090    100.000    100.000  100.000     3  3501:98 4001:2"
      )
        || text.contains("inquiry"), "\(text)")
    for column in ["rate/s", "p50 ms", "p99.99 ms", "max ms", "codes"] {
      #expect(text.contains(column))
    }
    #expect(text.contains("100 answers checked"))
  }

  /// Milliseconds that the client was late, its share of a processor, and whether it is warned of.
  @Test(
    "says so when the client was the bottleneck",
    arguments: [(0, 0.3, false), (2, 0.3, false), (20, 0.3, true), (0, 0.95, true)])
  func bottleneck(lateMilliseconds: UInt64, processorShare: Double, isWarned: Bool) {
    // Its 99th percentile is 99 ms, of which 2 are nothing.
    var result = ThresholdTests.result
    for _ in 0..<100 { result.lag.record(lateMilliseconds * 1_000_000) }
    result.processorShare = processorShare
    result.warn(substitutedCount: 0, foreignCardCount: 0)
    #expect(result.warnings.contains { $0.contains("bottleneck") } == isWarned)
    #expect(SummaryTable(result).text.contains("the client was late by"))
  }

  @Test("is a page that fetches nothing, runs nothing, and holds its text as text")
  func page() {
    let text = HTMLReport(Self.result).text
    for word in ["http://", "https://", "<script", "src=", "@import", "url("] {
      #expect(!text.contains(word), "\(word)")
    }
    #expect(text.contains("this &lt;client&gt; was"))
    #expect(text.components(separatedBy: "<svg").count == 4)
    #expect(!text.contains("nan") && !text.contains("inf"))
  }

  @Test("is a page that a strict parser reads, and that names nothing outside of it")
  func structure() throws {
    let page = try #require(Page(HTMLReport(Self.result).text))
    let names = page.elements.map(\.name)
    #expect(names.starts(with: ["html", "head", "meta", "meta", "title", "style", "body", "h1"]))
    #expect(names.count { $0 == "svg" } == 3 && names.count { $0 == "pre" } == 1)
    #expect(
      !names.contains { ["script", "link", "img", "iframe", "object", "a", "use"].contains($0) })
    for element in page.elements {
      for name in ["href", "src", "srcset", "style", "xlink:href", "onload", "action"] {
        #expect(element.attributes[name] == nil, "\(element.name) has \(name)")
      }
    }
    #expect(page.text.contains("this <client> was"))
  }

  @Test("draws no rate of what came after the measured time")
  func rateEnds() throws {
    var result = Self.result
    result.seconds = 1.5
    let curves = try Self.curves(result)
    #expect(curves.count { $0.count == 4 } == 3 && curves.count { $0.count == 3 } == 2)
    result.seconds = 1.4
    #expect(try Self.curves(result).count { $0.count == 2 } == 2)
    // A time axis goes to the end of the measured time: here the last interval begins half way.
    result.seconds = 3
    #expect(try Self.curves(result).count { $0.count == 4 && $0[3].x < 500 } == 5)
  }

  @Test("draws as many points as there are figures, inside of the drawing", arguments: [0, 1, 4])
  func drawings(intervalCount: Int) throws {
    var result = Self.result
    result.intervals = Array(result.intervals.prefix(intervalCount))
    let lines = try Self.lines(result)
    let curves = try Self.curves(result)
    // Three latencies over time, the rate due and the rate answered; and a percentile curve.
    #expect(curves.count { $0.count == intervalCount } >= (intervalCount > 0 ? 5 : 0))
    #expect(curves.contains { $0.count > 5 }, "no percentile curve")
    #expect(lines.count { $0.contains("h") } >= curves.count)
    for point in curves.joined() {
      #expect((0...860).contains(point.x) && (0...300).contains(point.y), "\(point)")
    }
    // Higher figures stand higher: the latencies of the intervals grow.
    for curve in curves where intervalCount > 1 && curve.count == intervalCount {
      #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.x < $1.x && $0.y >= $1.y })
    }
  }

  /// The points of each curve of a report.
  static func curves(_ result: LoadResult) throws -> [[(x: Double, y: Double)]] {
    try lines(result).filter { !$0.contains("h") }.map(points)
  }

  /// The paths of the curves and of the legends of a report: a legend's sample is a move and a
  /// horizontal stroke.
  static func lines(_ result: LoadResult) throws -> [String] {
    try #require(Page(HTMLReport(result).text)).elements.filter {
      $0.name == "path" && $0.attributes["class"]?.hasPrefix("line") == true
    }.compactMap { $0.attributes["d"] }
  }

  /// The points of a path such as `M70.0 254.0L860.0 34.0`.
  static func points(_ path: String) -> [(x: Double, y: Double)] {
    path.dropFirst().split(separator: "L").map { pair in
      let numbers = pair.split(separator: " ").map { Double($0) ?? .nan }
      return numbers.count == 2 ? (numbers[0], numbers[1]) : (.nan, .nan)
    }
  }

  @Test("is JSON with every figure of the table")
  func document() throws {
    let value = try JSONValue(parsing: Array(ResultDocument(Self.result).json.text.utf8))
    guard case .object(let members) = value, case .object(let messages) = members["messages"],
      case .object(let inquiry) = messages["inquiry"],
      case .object(let latency) = inquiry["latency"]
    else {
      Issue.record("not an object")
      return
    }
    for name in ["count", "mean", "max", "p50", "p90", "p99", "p99.9", "p99.99"] {
      #expect(latency[name] != nil, "\(name)")
    }
    #expect(inquiry["codes"] == .object(["3501": .integer(98), "4001": .integer(2)]))
    #expect(members["checked"] == .integer(100))
  }

  @Test("has percentiles in the form of HdrHistogram")
  func percentiles() {
    let text = Self.result.total.latencies.percentileFile
    #expect(text.contains("Value     Percentile TotalCount 1/(1-Percentile)"))
    #expect(text.contains("#[Max     ="))
    #expect(text.contains("100"))
  }

  @Test(
    "rounds as people do",
    arguments: [
      (1.005, 1, "1.0"), (0.05, 1, "0.1"), (12.3456, 3, "12.346"), (0, 2, "0.00"),
      (999.9996, 3, "1000.000"), (7, 0, "7"), (-0.25, 1, "-0.3"), (.infinity, 1, "-"),
    ])
  func rounds(value: Double, places: Int, text: String) {
    #expect(decimal(value, places) == text)
  }
}

/// A page as an XML parser sees it.
private final class Page: NSObject, XMLParserDelegate {
  struct Element {
    let name: String
    let attributes: [String: String]
  }

  private(set) var elements: [Element] = []
  private(set) var text = ""

  /// Nil for a page that is not well-formed.
  init?(_ source: String) {
    super.init()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = self
    guard parser.parse(), parser.parserError == nil else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    elements.append(Element(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
