public import TransactionModel
import WireFormat

/// The data of a client as a clerk sees it on the screen: one line for each field that is present.
public struct ClientListing: Sendable {
  public let text: String

  public init(_ client: ClientForm) {
    let fields = ClientField.allCases.filter(client.has)
    let width = fields.map { $0.name.description.count }.max() ?? 0
    text = fields.map { field in
      let name = String(field.name.description.map { $0 == "_" ? " " : $0 })
      let margin = String(repeating: " ", count: width - name.count + 2)
      return "\(name)\(margin)\(client.shown(field) ?? "")\n"
    }.joined()
  }
}
