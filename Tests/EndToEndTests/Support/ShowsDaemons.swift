import ProgramSupport
import Testing

/// Adds to each issue of a test what its daemons have written to standard error.
struct ShowsDaemons: TestTrait, SuiteTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let showing = IssueHandlingTrait.compactMapIssues { issue in
      var issue = issue
      let shared = (try? Served.current())?.daemon.child.errorText ?? ""
      let text = shared + (DaemonLog.current?.text ?? "")
      if !text.isEmpty { issue.comments.append("\(text)") }
      return issue
    }
    try await DaemonLog.$current.withValue(DaemonLog()) {
      try await showing.provideScope(for: test, testCase: testCase, performing: function)
    }
  }
}

extension Trait where Self == ShowsDaemons {
  static var showsDaemons: ShowsDaemons { ShowsDaemons() }
}
