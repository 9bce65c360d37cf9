import Testing
import TransactionModel

@Suite("A client's form")
struct ClientFormTests {
  private func fill(_ form: inout ClientForm, _ texts: [(ClientField, String)]) {
    for (field, text) in texts {
      let isTaken = form.set(field, to: text)
      #expect(isTaken, "\(field)")
    }
  }

  @Test("has its fields side by side, each number aligned to its size")
  func layout() {
    var end = 0
    for field in ClientField.allCases {
      let layout = field.layout
      #expect(layout.offset == end, "\(field)")
      #expect(layout.content.isText || layout.offset % layout.byteCount == 0, "\(field)")
      #expect(layout.isRequired != layout.isClearable, "\(field)")
      end += layout.byteCount
    }
    #expect(end == 209)
    #expect(ClientField.presenceMask == 0x1FFF_FFFF)
  }

  @Test(
    "gives back what each field was set to, and no other field", arguments: ClientField.allCases)
  func values(field: ClientField) {
    var form = ClientForm()
    if field.layout.content.isText {
      let text = String(repeating: "é", count: field.layout.byteCount / 2)
      fill(&form, [(field, text)])
      #expect(form.text(field) == text)
      let isTaken = form.set(field, to: text + "x")
      #expect(!isTaken)
      #expect(form.text(field) == text)
    } else {
      let largest = UInt32(truncatingIfNeeded: (1 << UInt64(field.layout.byteCount * 8)) - 2)
      for value in [0, 1, largest] {
        form.set(field, to: value)
        #expect(form.number(field) == value)
      }
    }
    #expect(form.presence == field.presenceBit)
    form.remove(field)
    #expect(form == ClientForm())
  }

  @Test("says clearing for blank text and for all ones only", arguments: ClientField.allCases)
  func clearing(field: ClientField) {
    var form = ClientForm()
    #expect(!form.isClearing(field))
    form.setClearing(field)
    #expect(form.isClearing(field))
    if field.layout.content.isText {
      #expect(form.text(field) == "")
      fill(&form, [(field, "x")])
    } else {
      form.set(field, to: 0)
    }
    #expect(!form.isClearing(field))
  }

  @Test("takes from an update what is present, loses what it clears, keeps the rest")
  func merge() {
    var form = ClientForm()
    fill(&form, [(.lastName, "RIVERA"), (.firstName, "ANA")])
    form.set(.monthlyIncome, to: 1200)
    form.set(.zipCode, to: 95814)
    var update = ClientForm()
    fill(&update, [(.lastName, "LEE")])
    update.set(.monthlyIncome, to: 0)
    update.setClearing(.zipCode)
    update.setClearing(.middleName)
    form.merge(update)
    var expected = ClientForm()
    fill(&expected, [(.lastName, "LEE"), (.firstName, "ANA")])
    expected.set(.monthlyIncome, to: 0)
    #expect(form == expected)
  }

  @Test("shows which fields it has and nothing of what is in them")
  func description() {
    var form = ClientForm()
    fill(&form, [(.lastName, "RIVERA")])
    form.set(.socialSecurityNumber, to: 123_456_789)
    #expect("\(form)" == "ClientForm(lastName, socialSecurityNumber)")
  }

  @Test("cannot be given a number that its field cannot hold")
  func truncation() async {
    await #expect(processExitsWith: .failure) {
      var form = ClientForm()
      form.set(.familySize, to: 256)
    }
  }
}
