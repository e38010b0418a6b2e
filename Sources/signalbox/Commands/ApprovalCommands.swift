import ArgumentParser
import Model

/// Agrees to jobs that wait for it.
struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Agree to jobs of others that wait for approval; they go on.",
        discussion: """
            Jobs wait for it that were submitted with --approve, or whose kinds stand under \
            “approval” in the configuration. “signalbox jobs waiting:approval” lists them. Nobody \
            approves what he submitted himself.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws { try ActionRun.carryOut(.approve, global, options) }
}

/// Does not agree to jobs that wait for it.
struct RejectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject",
        abstract: "Do not agree to jobs of others that wait for approval; they end as aborted."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws {
        guard !options.reason.allSatisfy(\.isWhitespace) || options.isDryRun else {
            throw Complaint(.usage, "--reason must say why; who submitted it wants to know")
        }
        try ActionRun.carryOut(.reject, global, options)
    }
}
