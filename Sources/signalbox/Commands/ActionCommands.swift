import ArgumentParser
import Foundation
import Model
import Store

/// What all actions on jobs take.
struct ActionOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("Their numbers or UUIDs.", valueName: "job"))
    var jobs: [String] = []

    @Option(
        help: ArgumentHelp(
            "Instead of numbers: all jobs that a filter selects, as in “jobs”.",
            discussion: """
                What the action would change nothing about is left out, so asking again carries on \
                with what was broken off. Asks before it begins, unless --yes is given.
                """,
            valueName: "filter"
        )
    )
    var filter: String?

    @Option(
        name: .customLong("at-most"),
        help: ArgumentHelp("With --filter: for so many jobs, up to 10000.", valueName: "number")
    )
    var most = 1000

    @Flag(name: .customLong("dry-run"), help: "Show for which jobs it would be; do nothing.")
    var isDryRun = false

    @Flag(name: .customLong("yes"), help: "Do not ask.")
    var isConfirmed = false

    @Option(help: ArgumentHelp("Why; stands in the journal.", valueName: "text"))
    var reason = ""
}

/// Stops jobs at the next step boundary.
struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stop jobs at the next step boundary, then undo what they did."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws { try ActionRun.carryOut(.stop(.cancel), global, options) }
}

/// Interrupts jobs now.
struct AbortCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Interrupt the running step of jobs now, then undo what they did.",
        discussion: """
            A step that cannot be interrupted is waited for. While a job is undone, the undo is \
            interrupted, and you decide how to go on. Past its point of no return a job is not \
            aborted.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws { try ActionRun.carryOut(.stop(.abort), global, options) }
}

/// Stops tracking a backend that does not answer.
struct AbandonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "abandon",
        abstract: "Stop tracking a backend that does not answer; asks for confirmation.",
        discussion: """
            The job ends; what may still be running at the backend stays on record. Without --yes \
            the job's number must be typed, on a terminal.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws { try ActionRun.carryOut(.stop(.abandon), global, options) }
}

/// Makes new jobs that do the same.
struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Make a new job that does the same as one that ended; prints its number.",
        discussion: """
            With --from it goes on at a step, as “job show” numbers and names them: the steps \
            before are left out. They must have been done, and not undone since.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    @Option(
        help: ArgumentHelp("Go on at that step, by number or name.", valueName: "step")
    )
    var from: String?

    func run() throws {
        try ActionRun.carryOut(from.map { .retryFrom($0) } ?? .retry, global, options)
    }
}

/// Decides about jobs that cannot go on by themselves, and about what jobs left behind.
struct ResolveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve",
        abstract: "Decide about jobs that stand still, and about operations they left behind.",
        discussion: """
            For a job that needs an operator: retry tries the undo again, or waits again for a \
            step that stands still; skip leaves it out and goes on with the others; giveUp undoes \
            nothing more and ends the job. For an operation whose outcome nobody knows, of a job \
            that is lost or was abandoned: ask asks the backend; interrupt stops an operation that \
            was left behind, so that its VM is free again; settleDone and settleNotDone declare \
            what you have verified by hand, with a reason. “job why” says what each means for a job.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    @Option(help: ArgumentHelp(Self.choices + ".", valueName: "decision"))
    var decision: String

    private static let choices: String = {
        let words = Resolution.allCases.map(\.rawValue) + OperationDecision.allCases.map(\.rawValue)
        return words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }()

    func run() throws {
        let word = decision.lowercased().filter(\.isLetter)
        func isMeant(_ name: String) -> Bool { name.lowercased() == word }
        if let resolution = Resolution.allCases.first(where: { isMeant($0.rawValue) }) {
            return try ActionRun.carryOut(.resolve(resolution), global, options)
        }
        guard let about = OperationDecision.allCases.first(where: { isMeant($0.rawValue) }) else {
            throw Complaint(.usage, "--decision is \(Self.choices), not “\(decision)”")
        }
        if about == .settleDone || about == .settleNotDone,
            options.reason.allSatisfy(\.isWhitespace)
        {
            throw Complaint(.usage, "--reason must say how that was verified")
        }
        try ActionRun.carryOut(.settle(about), global, options)
    }
}

/// Notes that somebody knows of jobs that call for attention.
struct AckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "Acknowledge jobs that call for attention; those below them, too.",
        discussion: """
            A job calls for attention when it failed, ended with a warning, left something behind, \
            was aborted by no person, is lost, or needs an operator. “signalbox jobs is:unacked” \
            lists them. A retry that completes acknowledges the attempts before it.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @OptionGroup
    var options: ActionOptions

    func run() throws { try ActionRun.carryOut(.acknowledge, global, options) }
}
