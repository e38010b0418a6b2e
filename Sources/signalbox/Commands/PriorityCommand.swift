import ArgumentParser
import Model

/// Makes jobs that wait more or less urgent.
struct PriorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "priority",
        abstract: "Change how soon jobs get the next slot they wait for.",
        discussion: """
            Larger is sooner; 0 is usual, \(Priority.range.lowerBound) to \
            \(Priority.range.upperBound). A negative number is written behind “--”: \
            signalbox job priority -- -5 17. A parent's priority is that of all its children. \
            Locks are passed on in the order in which they were asked for, whatever the priorities.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("The new priority.", valueName: "number"))
    var priority: Int

    @OptionGroup
    var options: ActionOptions

    func run() throws {
        if let refusal = Priority.refusal(priority) { throw Complaint(.usage, refusal) }
        try ActionRun.carryOut(.prioritize(priority), global, options)
    }
}
