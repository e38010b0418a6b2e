import ArgumentParser
import Model

/// Keeps jobs for longer than retention would.
struct PinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pin",
        abstract: "Keep jobs, with their trees, for as long as they are pinned.",
        discussion: """
            A pinned job, and the tree it belongs to, is neither moved to the archive nor removed \
            from there. “signalbox jobs is:pinned --archive” lists what is pinned.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws { try ActionRun.carryOut(.pin, global, options) }
}

/// Leaves jobs to retention again.
struct UnpinCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpin",
        abstract: "Leave pinned jobs to retention again."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws { try ActionRun.carryOut(.unpin, global, options) }
}
