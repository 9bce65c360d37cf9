import Foundation
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

  @Test("is a page of well-formed drawings", arguments: [0, 1, 4])
  func drawings(intervalCount: Int) throws {
    var result = Self.result
    result.intervals = Array(result.intervals.prefix(intervalCount))
    let text = HTMLReport(result).text
    for part in text.components(separatedBy: "<svg").dropFirst() {
      let drawing = "<svg" + (part.components(separatedBy: "</svg>").first ?? "") + "</svg>"
      let parser = XMLTags(drawing)
      #expect(parser.isBalanced, "\(drawing)")
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

/// Whether every tag of a text is closed, in the order in which they were opened.
private struct XMLTags {
  let isBalanced: Bool

  init(_ text: String) {
    var open: [Substring] = []
    var isGood = true
    for part in text.split(separator: "<") {
      let tag = part.prefix { $0 != ">" }
      if tag.hasPrefix("/") {
        isGood = isGood && open.popLast() == tag.dropFirst()
      } else if !tag.hasSuffix("/") {
        open.append(tag.prefix { $0 != " " })
      }
    }
    isBalanced = isGood && open.isEmpty
  }
}
