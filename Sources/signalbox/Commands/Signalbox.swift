import ArgumentParser

/// The root of all commands.
struct Signalbox: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signalbox",
        abstract: "An operator's console and a durable job engine for virtualization work.",
        discussion: """
            Without a command the console opens, with an engine inside unless one is alive on this \
            store already.

            A job is named by its number (5948 or job-5948) or its UUID. Times are RFC 3339 in \
            UTC; spans are written 90s, 5m, 2h30m.

            Exit status:
            \(ExitStatus.allCases.map { "  \($0.rawValue)  \($0.meaning)" }.joined(separator: "\n"))
            """,
        version: "signalbox \(Signalbox.version)",
        subcommands: [
            ConsoleCommand.self, DemoCommand.self, ServeCommand.self, SubmitCommand.self,
            JobsCommand.self, JobCommand.self, VMCommand.self, HostCommand.self,
            LaneCommand.self, LockCommand.self, ScheduleCommand.self, EngineCommand.self,
            KindsCommand.self, ArchiveCommand.self, ExportCommand.self, StoreCommand.self,
            AuditCommand.self, RightsCommand.self, ScriptCommand.self, ExternalCommand.self,
            HookCommand.self,
            ScriptGuardCommand.self,
            SimulateCommand.self, BenchCommand.self,
        ],
        defaultSubcommand: ConsoleCommand.self
    )

    static let version = "0.1.0"

    @OptionGroup(title: "Global options")
    var global: GlobalOptions
}
