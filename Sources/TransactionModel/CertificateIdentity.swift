/// Who a client certificate says its holder is: its one subject alternative URI.
///
/// `posd://ENVIRONMENT/terminal/ID` speaks for that terminal, `posd://ENVIRONMENT/gateway/SITE` for
/// the terminals of that site. Numbers are decimal without leading zeros (SPECIFICATION.md,
/// "Identity").
public struct CertificateIdentity: Hashable, Sendable, BitwiseCopyable {
  public enum Subject: Hashable, Sendable, BitwiseCopyable {
    case terminal(TerminalID)
    case gateway(SiteID)
  }

  public let environment: Environment
  public let subject: Subject

  public init(environment: Environment, subject: Subject) {
    self.environment = environment
    self.subject = subject
  }

  /// Reads a URI; `nil` unless it is exactly of one of the two forms.
  public init?(uri: String) {
    let parts = uri.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 5, parts[0] == "posd:", parts[1] == "" else { return nil }
    guard let environment = Environment.allCases.first(where: { $0.name == parts[2] }),
      let number = UInt64(parts[4]), number != 0, String(number) == parts[4]
    else { return nil }
    switch parts[3] {
    case "terminal":
      self.init(environment: environment, subject: .terminal(TerminalID(rawValue: number)))
    case "gateway":
      self.init(environment: environment, subject: .gateway(SiteID(rawValue: number)))
    default:
      return nil
    }
  }

  public var uri: String {
    switch subject {
    case .terminal(let id): "posd://\(environment.name)/terminal/\(id.rawValue)"
    case .gateway(let site): "posd://\(environment.name)/gateway/\(site.rawValue)"
    }
  }
}

extension Environment {
  /// As it stands in certificates, rosters and configuration.
  public var name: String {
    switch self {
    case .production: "production"
    case .test: "test"
    }
  }
}
