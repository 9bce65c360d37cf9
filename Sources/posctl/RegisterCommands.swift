import Administration
import ArgumentParser
import Installation
import PolicyFiles
import TransactionEngine
import TransactionModel

/// What the commands of one part of the register are called, and what their lists show.
protocol RegisterPartCommands {
  static var part: RegisterPart { get }
  static var columns: [String] { get }
}

enum ProviderPart: RegisterPartCommands {
  static let part = RegisterPart.provider
  static let columns = ["id", "state", "first_day", "last_day", "name"]
}

enum SitePart: RegisterPartCommands {
  static let part = RegisterPart.site
  static let columns = [
    "id", "state", "role", "first_day", "last_day", "provider", "gateway_vouches", "name",
  ]
}

enum TerminalPart: RegisterPartCommands {
  static let part = RegisterPart.terminal
  static let columns = ["id", "site", "state"]
}

enum OperatorPart: RegisterPartCommands {
  static let part = RegisterPart.operator
  static let columns = ["id", "site", "state", "name"]
}

/// The command `posctl PART list`.
struct ListCommand<Part: RegisterPartCommands>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "list", abstract: "List every \(Part.part.rawValue) of the register.")
  }

  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    try daemon.list("\(Part.part.rawValue).list", columns: Part.columns)
  }
}

/// A step that a command takes.
protocol RegisterStepCommand {
  static var step: RegisterStep { get }
  static var abstract: String { get }
  static var done: String { get }
}

enum SuspendStep: RegisterStepCommand {
  static let step = RegisterStep.suspend
  static let abstract = "Take it out of service until it is enabled again."
  static let done = "suspended"
}

enum RetireStep: RegisterStepCommand {
  static let step = RegisterStep.retire
  static let abstract = "Take it out of service for good."
  static let done = "retired"
}

enum EnableStep: RegisterStepCommand {
  static let step = RegisterStep.enable
  static let abstract = "Take a suspension back; only the office may."
  static let done = "enabled"
}

/// The commands `posctl PART suspend | retire | enable`.
struct StepCommand<Part: RegisterPartCommands, Step: RegisterStepCommand>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: Step.step.rawValue, abstract: Step.abstract)
  }

  @Argument(help: "Its number.") var id: UInt64
  @OptionGroup var daemon: DaemonOptions

  func run() throws {
    let part = Part.part.rawValue
    try daemon.change(
      "\(part).\(Step.step.rawValue)", ["id": .integer(id)], done: "\(part) \(id) \(Step.done)")
  }
}

/// The commands that every part of the register has.
private func commonCommands<Part: RegisterPartCommands>(
  _ part: Part.Type
) -> [any ParsableCommand.Type] {
  [
    StepCommand<Part, SuspendStep>.self, StepCommand<Part, RetireStep>.self,
    StepCommand<Part, EnableStep>.self, ListCommand<Part>.self,
  ]
}

/// `posctl provider`: organisations that have sites.
struct ProviderCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "provider", abstract: "Keep the register of providers.",
    subcommands: [Add.self] + commonCommands(ProviderPart.self))

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Register a provider.")

    @Argument(help: "Its National Provider Identifier.") var id: UInt64
    @Option(help: "Its name.") var name: String
    @Option(help: "First day of enrolment.") var firstDay: CalendarDate
    @Option(help: "Last day of enrolment; open without it.") var lastDay: CalendarDate?
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      var arguments: [String: JSONValue] = [
        "id": .integer(id), "name": .string(name), "first_day": .string("\(firstDay)"),
      ]
      if let lastDay { arguments["last_day"] = .string("\(lastDay)") }
      try daemon.change("provider.add", arguments, done: "provider \(id) registered")
    }
  }
}

/// `posctl site`: service addresses.
struct SiteCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "site", abstract: "Keep the register of sites.",
    subcommands: [Add.self] + commonCommands(SitePart.self))

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Register a site.")

    @Argument(help: "Its National Provider Identifier.") var id: UInt64
    @Option(help: "Its name.") var name: String
    @Option(help: "enrolling-clinic, inquiry-only, help-desk or office.") var role: String
    @Option(help: "First day of enrolment.") var firstDay: CalendarDate
    @Option(help: "Last day of enrolment; open without it.") var lastDay: CalendarDate?
    @Option(help: "The provider whose site it is.") var provider: UInt64?
    @Flag(help: "Its gateway answers for who its operators are.") var gatewayVouches = false
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      var arguments: [String: JSONValue] = [
        "id": .integer(id), "name": .string(name), "role": .string(role),
        "first_day": .string("\(firstDay)"), "gateway_vouches": .bool(gatewayVouches),
      ]
      if let lastDay { arguments["last_day"] = .string("\(lastDay)") }
      if let provider { arguments["provider"] = .integer(provider) }
      try daemon.change("site.add", arguments, done: "site \(id) registered")
    }
  }
}

/// `posctl terminal`: card-reading terminals.
struct TerminalCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "terminal", abstract: "Keep the register of terminals.",
    subcommands: [Add.self] + commonCommands(TerminalPart.self))

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register a terminal; it needs a certificate of its own too.")

    @Argument(help: "Its number.") var id: UInt64
    @Option(help: "The site where it stands.") var site: UInt64
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      try daemon.change(
        "terminal.add", ["id": .integer(id), "site": .integer(site)],
        done: "terminal \(id) registered")
    }
  }
}

/// `posctl operator`: people who work at terminals.
struct OperatorCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "operator", abstract: "Keep the register of operators, and help them sign on.",
    subcommands: [Add.self, Unlock.self, IssueSecret.self] + commonCommands(OperatorPart.self))

  struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Register an operator.",
      discussion: "Name and birth date are wanted because nobody may certify himself or herself.")

    @Argument(help: "The operator's number.") var id: UInt64
    @Option(help: "The site where the operator works.") var site: UInt64
    @Option(help: "Last name.") var lastName: String
    @Option(help: "First name.") var firstName: String
    @Option(help: "Birth date.") var birthDate: CalendarDate
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      try daemon.change(
        "operator.add",
        [
          "id": .integer(id), "site": .integer(site), "last_name": .string(lastName),
          "first_name": .string(firstName), "birth_date": .string("\(birthDate)"),
        ], done: "operator \(id) registered")
    }
  }

  struct Unlock: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget the wrong secrets that an operator tried.")

    @Argument(help: "The operator's number.") var id: UInt64
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      try daemon.change(
        "operator.unlock", ["id": .integer(id)], done: "operator \(id) may try again")
    }
  }

  struct IssueSecret: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give an operator a secret for one use.",
      discussion: "It is shown once, here: hand it to the operator and to nobody else.")

    @Argument(help: "The operator's number.") var id: UInt64
    @OptionGroup var daemon: DaemonOptions

    func run() throws {
      let answer = try daemon.ask("operator.issue-secret", ["id": .integer(id)])
      guard case .object(let members) = answer, case .string(let secret)? = members["secret"]
      else { throw ControlError.foreignAnswer("operator.issue-secret") }
      StandardStreams.write(daemon.json ? answer.line : secret + "\n")
    }
  }
}
