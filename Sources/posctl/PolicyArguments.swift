public import ArgumentParser
import PolicyFiles
public import TransactionModel

// Facts as the command line writes them: by the names of files of cases.

extension CalendarDate: ExpressibleByArgument {
  public init?(argument: String) { self.init(iso: argument) }
}

extension Sex: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument, of: Self.names) }
}

extension MediCalStatus: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument, of: Self.names) }
  public var defaultValueDescription: String { name(of: self, in: Self.names) }
}

extension OtherCoverage: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument, of: Self.names) }
  public var defaultValueDescription: String { name(of: self, in: Self.names) }
}

extension RawRepresentable {
  fileprivate init?(_ name: String, of names: [(name: String, value: Self)]) {
    guard let value = names.first(where: { $0.name == name })?.value else { return nil }
    self = value
  }
}

private func name<Value: Equatable>(
  of value: Value, in names: [(name: String, value: Value)]
) -> String {
  names.first { $0.value == value }?.name ?? ""
}
