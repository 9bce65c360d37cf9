import Testing
import TransactionModel

@testable import TransactionEngine

@Suite("A table of identifiers")
struct IdentifierTableTests {
  @Test("holds what a dictionary holds, in the order in which it came")
  func likeDictionary() {
    var table = IdentifierTable<SiteID, Int>()
    var dictionary: [SiteID: Int] = [:]
    var order: [SiteID] = []
    var number: UInt64 = 11
    for step in 0..<5_000 {
      number = number &* 6_364_136_223_846_793_005 &+ 1
      // Few enough that many come twice; some lie close together, others far apart.
      let id = SiteID(rawValue: step % 2 == 0 ? number >> 52 : number & ~0 << 52)
      if dictionary[id] == nil { order.append(id) }
      #expect(table[id] == dictionary[id])
      #expect(table.place(of: id).map { place in table.read(at: place) { $0 } } == dictionary[id])
      if step % 3 == 0 {
        let place = table.place(of: id, orInsert: -1)
        #expect(table.read(at: place) { $0 } == dictionary[id] ?? -1)
        #expect(table.place(of: id) == place)
        table.change(at: place) { $0 = step }
      } else {
        table[id] = step
      }
      dictionary[id] = step
    }
    #expect(table.count == dictionary.count)
    #expect(table.map(\.key) == order)
    #expect(table.values == order.map { dictionary[$0] })
    #expect(table[SiteID(rawValue: 1 << 51)] == nil)
  }
}
