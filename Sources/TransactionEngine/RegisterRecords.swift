import TransactionModel

/// The forms of register entries in the log, little-endian; each begins with its `Author`, and the
/// offsets count from behind it.
///
///     site             88:  0 8 NPI, 8 4 first day, 12 4 last day, 16 1 role, 17 1 state,
///                           18 1 whether its gateway vouches for operators, 19 21 zero,
///                           40 40 name, 80 8 provider
///     provider         64:  0 8 NPI, 8 4 first day, 12 4 last day, 16 8 state, 24 40 name
///     terminal         24:  0 8 id, 8 8 site, 16 8 state
///     operator         88:  as terminal, 24 4 birth date, 28 4 zero, 32 32 last name,
///                           64 24 first name
///     operator secret  32:  0 8 operator, 8 8 when issued by the office, 16 16 keyed digest
///     operator unlock   8:  0 8 operator
///     card range       32:  0 8 first serial, 8 8 last serial, 16 8 site, 24 8 whether voided
///     blank cards      16:  0 8 site, 8 8 how many
///     outage           16:  0 4 first day, 4 4 last day, 8 4 last day of entry, 12 4 zero
extension RegisterChange {
  static let entryByteCountMax = Author.byteCount + 88

  var kind: RecordKind {
    switch self {
    case .site: .site
    case .provider: .provider
    case .terminal: .terminal
    case .operator: .operator
    case .operatorSecret: .operatorSecret
    case .operatorUnlock: .operatorUnlock
    case .cardRange: .cardRange
    case .blankCards: .blankCards
    case .outage: .outage
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
      output.put(site.provider.rawValue)
    case .provider(let provider):
      output.put(provider.id.rawValue)
      output.put(provider.firstDay.yyyymmdd)
      output.put(provider.lastDay.yyyymmdd)
      output.put(UInt64(provider.state.rawValue))
      output.put(provider.name, first: 40)
    case .terminal(let terminal):
      Self.writeMember(terminal.id.rawValue, terminal.site, terminal.state, to: &output)
    case .operator(let person):
      Self.writeMember(person.id.rawValue, person.site, person.state, to: &output)
      output.put(person.birthDate.yyyymmdd)
      output.put(UInt32(0))
      output.put(person.lastName, first: 32)
      output.put(person.firstName, first: 24)
    case .operatorSecret(let secret):
      output.put(secret.operator.rawValue)
      output.put(secret.issued.milliseconds)
      output.put(secret.digest)
    case .operatorUnlock(let id):
      output.put(id.rawValue)
    case .cardRange(let range):
      output.put(range.firstSerial)
      output.put(range.lastSerial)
      output.put(range.site.rawValue)
      output.put(UInt64(range.isVoided ? 1 : 0))
    case .blankCards(let shipment):
      output.put(shipment.site.rawValue)
      output.put(shipment.count)
    case .outage(let window):
      output.put(window.firstDay.yyyymmdd)
      output.put(window.lastDay.yyyymmdd)
      output.put(window.lastEntryDay.yyyymmdd)
      output.put(UInt32(0))
    }
  }

  private static func writeMember(
    _ id: UInt64, _ site: SiteID, _ state: RegisterState, to output: inout OutputRawSpan
  ) {
    output.put(id)
    output.put(site.rawValue)
    output.put(UInt64(state.rawValue))
  }
}

/// A register entry as the log has it, and on whose word it was made.
public struct RegisterEntry: Sendable {
  public var author: Author
  public var change: RegisterChange

  init(_ change: RegisterChange, by author: Author) {
    self.author = author
    self.change = change
  }

  func write(to output: inout OutputRawSpan) {
    author.write(to: &output)
    change.write(to: &output)
  }

  /// Reads an entry; `nil` when it breaks the layout.
  public init?(_ kind: RecordKind, _ body: RawSpan) {
    var reader = RecordReader(body)
    guard let author = Author(&reader), let change = Self.change(kind, &reader),
      reader.remainingByteCount == 0
    else { return nil }
    self.author = author
    self.change = change
  }

  static func change(
    _ kind: RecordKind, _ reader: inout RecordReader
  ) -> RegisterChange? {
    switch kind {
    case .site: site(&reader)
    case .provider: provider(&reader)
    case .terminal:
      member(&reader).map { id, site, state in
        .terminal(Terminal(id: TerminalID(rawValue: id), site: site, state: state))
      }
    case .operator: person(&reader)
    case .operatorSecret: secret(&reader)
    case .operatorUnlock:
      reader.next(UInt64.self).map { .operatorUnlock(OperatorID(rawValue: $0)) }
    case .cardRange: cardRange(&reader)
    case .blankCards: blankCards(&reader)
    case .outage: outage(&reader)
    case .transaction, .confirmationKey, .cardNote, .policyFile, .policyActivation: nil
    }
  }

  private static func state(_ rawValue: UInt64) -> RegisterState? {
    UInt8(exactly: rawValue).flatMap(RegisterState.init(rawValue:))
  }

  private static func member(
    _ reader: inout RecordReader
  ) -> (id: UInt64, site: SiteID, state: RegisterState)? {
    guard let id: UInt64 = reader.next(), let site: UInt64 = reader.next(),
      let state = reader.next(UInt64.self).flatMap(state)
    else { return nil }
    return (id, SiteID(rawValue: site), state)
  }

  private static func site(_ reader: inout RecordReader) -> RegisterChange? {
    guard let id: UInt64 = reader.next(), let firstDay = reader.nextDate(),
      let lastDay = reader.nextDate(), let rawRole: UInt8 = reader.next(),
      let role = Role(rawValue: rawRole), let rawState: UInt8 = reader.next(),
      let state = RegisterState(rawValue: rawState), let vouches: UInt8 = reader.next(),
      vouches <= 1, reader.skipZeros(21),
      let name: InlineArray<40, UInt8> = reader.nextBytes(), let provider: UInt64 = reader.next()
    else { return nil }
    return .site(
      Site(
        id: SiteID(rawValue: id), provider: ProviderID(rawValue: provider), role: role,
        state: state, vouchesForOperators: vouches == 1, firstDay: firstDay, lastDay: lastDay,
        name: name))
  }

  private static func provider(_ reader: inout RecordReader) -> RegisterChange? {
    guard let id: UInt64 = reader.next(), let firstDay = reader.nextDate(),
      let lastDay = reader.nextDate(), let state = reader.next(UInt64.self).flatMap(state),
      let name: InlineArray<40, UInt8> = reader.nextBytes()
    else { return nil }
    return .provider(
      Provider(
        id: ProviderID(rawValue: id), state: state, firstDay: firstDay, lastDay: lastDay,
        name: name))
  }

  private static func person(_ reader: inout RecordReader) -> RegisterChange? {
    guard let (id, site, state) = member(&reader), let birthDate = reader.nextDate(),
      reader.skipZeros(4), let lastName: InlineArray<32, UInt8> = reader.nextBytes(),
      let firstName: InlineArray<24, UInt8> = reader.nextBytes()
    else { return nil }
    return .operator(
      Operator(
        id: OperatorID(rawValue: id), site: site, state: state, birthDate: birthDate,
        lastName: lastName, firstName: firstName))
  }

  private static func secret(_ reader: inout RecordReader) -> RegisterChange? {
    guard let id: UInt64 = reader.next(), let issued: UInt64 = reader.next(),
      let digest: UInt128 = reader.next()
    else { return nil }
    return .operatorSecret(
      OperatorSecret(
        operator: OperatorID(rawValue: id), digest: digest,
        issued: Instant(milliseconds: issued)))
  }

  private static func cardRange(_ reader: inout RecordReader) -> RegisterChange? {
    guard let first: UInt64 = reader.next(), let last: UInt64 = reader.next(),
      let site: UInt64 = reader.next(), let voided: UInt64 = reader.next(), voided <= 1,
      first <= last
    else { return nil }
    return .cardRange(
      CardRange(
        firstSerial: first, lastSerial: last, site: SiteID(rawValue: site),
        isVoided: voided == 1))
  }

  private static func blankCards(_ reader: inout RecordReader) -> RegisterChange? {
    guard let site: UInt64 = reader.next(), let count: UInt64 = reader.next() else { return nil }
    return .blankCards(BlankCardShipment(site: SiteID(rawValue: site), count: count))
  }

  private static func outage(_ reader: inout RecordReader) -> RegisterChange? {
    guard let firstDay = reader.nextDate(), let lastDay = reader.nextDate(),
      let lastEntryDay = reader.nextDate(), reader.skipZeros(4), firstDay <= lastDay
    else { return nil }
    return .outage(OutageWindow(from: firstDay, through: lastDay, enteredBy: lastEntryDay))
  }
}
