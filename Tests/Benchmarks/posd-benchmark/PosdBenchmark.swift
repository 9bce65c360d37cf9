import ArgumentParser

/// Measures posd beside what it has to be better than; `Tests/Benchmarks/run` puts it all together.
@main
struct PosdBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "posd-benchmark",
    abstract: "Measure posd beside other servers.",
    subcommands: [
      LoadCommand.self, EchoServerCommand.self, SyncFloorCommand.self, CodecCommand.self,
      DecisionCommand.self, EngineCommand.self, RecoveryCommand.self, IdleCommand.self,
      StormCommand.self, MemoryCommand.self, ResidentCommand.self, TableCommand.self,
    ])
}
