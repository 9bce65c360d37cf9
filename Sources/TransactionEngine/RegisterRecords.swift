import TransactionModel

/// The forms of register entries in the log, little-endian; each ends in zeros up to its size.
///
///     site        80:  0 8 NPI, 8 4 first day, 12 4 last day, 16 1 role, 17 1 state,
///                      18 1 whether its gateway vouches for operators, 19 21 zero, 40 40 name
///     terminal    24:  0 8 id, 8 8 site, 16 1 state, 17 7 zero
///     operator    24:  as terminal
///     card range  32:  0 8 first serial, 8 8 last serial, 16 8 site, 24 1 whether voided, 25 7 zero
extension RegisterChange {
  static let byteCountMax = 80

  var kind: RecordKind {
    switch self {
    case .site: .site
    case .terminal: .terminal
    case .operator: .operator
    case .cardRange: .cardRange
    }
  }

  func write(to output: inout OutputRawSpan) {
    switch self {
    case .site(let site):
      output.put(site.id.rawValue)
      output.put(site.firstDay.yyyymmdd)
      output.put(site.lastDay.yyyymmdd)
      output.put(site.role.rawValue)
      output.put(site.state.rawValue)
      output.put(UInt8(site.vouchesForOperators ? 1 : 0))
      output.put(InlineArray<21, UInt8>(repeating: 0), first: 21)
      output.put(site.name, first: 40)
    case .terminal(let terminal):
      Self.writeMember(terminal.id.rawValue, terminal.site, terminal.state, to: &output)
    case .operator(let person):
      Self.writeMember(person.id.rawValue, person.site, person.state, to: &output)
    case .cardRange(let range):
      output.put(range.firstSerial)
      output.put(range.lastSerial)
      output.put(range.site.rawValue)
      output.put(UInt64(range.isVoided ? 1 : 0))
    }
  }

  /// Reads an entry; `nil` when it breaks the layout.
  public init?(_ kind: RecordKind, _ body: RawSpan) {
    var reader = RecordReader(body)
    let change: RegisterChange?
    switch kind {
    case .site: change = Self.readSite(&reader)
    case .terminal:
      change = Self.readMember(&reader).map { id, site, state in
        .terminal(Terminal(id: TerminalID(rawValue: id), site: site, state: state))
      }
    case .operator:
      change = Self.readMember(&reader).map { id, site, state in
        .operator(Operator(id: OperatorID(rawValue: id), site: site, state: state))
      }
    case .cardRange: change = Self.readCardRange(&reader)
    case .transaction, .confirmationKey: change = nil
    }
    guard let change, reader.remainingByteCount == 0 else { return nil }
    self = change
  }

  private static func writeMember(
    _ id: UInt64, _ site: SiteID, _ state: RegisterState, to output: inout OutputRawSpan
  ) {
    output.put(id)
    output.put(site.rawValue)
    output.put(UInt64(state.rawValue))
  }

  private static func readMember(
    _ reader: inout RecordReader
  ) -> (id: UInt64, site: SiteID, state: RegisterState)? {
    guard let id: UInt64 = reader.next(), let site: UInt64 = reader.next(),
      let rawState: UInt64 = reader.next(),
      let state = UInt8(exactly: rawState).flatMap(RegisterState.init(rawValue:))
    else { return nil }
    return (id, SiteID(rawValue: site), state)
  }

  private static func readSite(_ reader: inout RecordReader) -> RegisterChange? {
    guard let id: UInt64 = reader.next(), let firstDay = reader.nextDate(),
      let lastDay = reader.nextDate(), let rawRole: UInt8 = reader.next(),
      let role = Role(rawValue: rawRole), let rawState: UInt8 = reader.next(),
      let state = RegisterState(rawValue: rawState), let vouches: UInt8 = reader.next(),
      vouches <= 1, reader.skipZeros(21),
      let name: InlineArray<40, UInt8> = reader.nextBytes()
    else { return nil }
    return .site(
      Site(
        id: SiteID(rawValue: id), role: role, state: state, vouchesForOperators: vouches == 1,
        firstDay: firstDay, lastDay: lastDay, name: name))
  }

  private static func readCardRange(_ reader: inout RecordReader) -> RegisterChange? {
    guard let first: UInt64 = reader.next(), let last: UInt64 = reader.next(),
      let site: UInt64 = reader.next(), let voided: UInt64 = reader.next(), voided <= 1,
      first <= last
    else { return nil }
    return .cardRange(
      CardRange(
        firstSerial: first, lastSerial: last, site: SiteID(rawValue: site),
        isVoided: voided == 1))
  }
}
