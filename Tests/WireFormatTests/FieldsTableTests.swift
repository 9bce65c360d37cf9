import Testing
import TransactionModel
import WireFormat

@Suite("fields.csv")
struct FieldsTableTests {
  @Test("is the layouts, row by row, in both directions")
  func equalsLayouts() throws {
    let file = try CommaSeparatedValues(named: "fields.csv")
    #expect(file.columns == FieldRow.columns + ["meaning"])
    let rows = file.rows.map { row in FieldRow(cells: FieldRow.columns.map { row[$0] ?? "" }) }
    let layouts = FieldRow.all
    for row in rows where !layouts.contains(row) {
      Issue.record("the file says, and no layout does: \(row)")
    }
    for row in layouts where !rows.contains(row) {
      Issue.record("a layout says, and the file does not: \(row)")
    }
    #expect(rows == layouts, "the rows stand in the order of the messages and of their fields")
  }

  @Test("gives every field a meaning")
  func hasMeanings() throws {
    for row in try CommaSeparatedValues(named: "fields.csv").rows {
      #expect(row["meaning"]?.isEmpty == false, "\(row["message"] ?? "") \(row["field"] ?? "")")
    }
  }

  /// Every layout of this version, by name.
  static let layouts =
    MessageType.allCases.flatMap { [MessageLayout.request($0), MessageLayout.reply($0)] }
    + [MessageLayout.refusal]

  @Test("covers every message from byte 48 to its end, once", arguments: 0..<layouts.count)
  func tilesFrame(_ index: Int) {
    let layout = Self.layouts[index]
    var end = HeaderLayout.byteCount
    for field in layout.fields.sorted(by: { $0.offset < $1.offset }) {
      #expect(field.offset == end, "\(layout.name), \(field.name)")
      #expect(field.byteCount > 0)
      end = field.range.upperBound
    }
    #expect(end == layout.byteCount, "\(layout.name)")
    #expect(layout.byteCount % HeaderLayout.frameByteCountStep == 0)
    #expect(layout.byteCount <= HeaderLayout.frameByteCountMax)
  }

  @Test(
    "has the card of every request that names one in the same place",
    arguments: MessageType.allCases)
  func placesCard(_ type: MessageType) {
    let card = MessageLayout.request(type).fields.first { "\($0.name)" == "card_number" }
    #expect((card != nil) == type.namesCard)
    if let card { #expect(card.range == InquiryRequestLayout.card.range) }
  }

  @Test("covers the header, once")
  func tilesHeader() {
    var end = 0
    for field in HeaderLayout.fields {
      #expect(field.offset == end, "\(field.name)")
      end = field.range.upperBound
    }
    #expect(end == HeaderLayout.byteCount)
  }

  @Test("aligns every number and names every field of a message once", arguments: 0..<layouts.count)
  func alignsNumbers(_ index: Int) {
    let layout = Self.layouts[index]
    let fields = HeaderLayout.fields + layout.fields
    for field in fields where Self.isNumber(field.content) {
      #expect([1, 2, 4, 8].contains(field.byteCount), "\(layout.name), \(field.name)")
      #expect(field.offset % field.byteCount == 0, "\(layout.name), \(field.name)")
    }
    #expect(Set(fields.map { $0.number }).count == fields.count, "\(layout.name)")
    #expect(Set(fields.map { "\($0.name)" }).count == fields.count, "\(layout.name)")
    let bits = fields.compactMap { $0.presenceBit }
    #expect(Set(bits).count == bits.count, "\(layout.name)")
    #expect(bits.isEmpty == (layout.presence == nil), "\(layout.name)")
  }

  private static func isNumber(_ content: FieldContent) -> Bool {
    switch content {
    case .number, .identifier, .range, .county, .bits, .date, .dateOrNone: true
    case .reserved, .opaque, .text, .ascii, .card, .benefitsCard, .cardOrBlank,
      .confirmationOrBlank, .retroactiveClaim:
      false
    }
  }
}
