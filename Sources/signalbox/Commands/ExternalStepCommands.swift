import ArgumentParser
import Engine
import Foundation
import Model
import Operations
import Store

/// Begins outside work.
struct ExternalBeginCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "begin",
        abstract: "Begin a job for work outside; waits for its locks, and prints its number.",
        discussion: """
            From then on the program reports before --silence has passed each time, or the job \
            counts as lost until it does. The same --key is the same job, so that a program that \
            was started again goes on with it.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("What it works on: vm/web-1.", valueName: "target"))
    var target: String?

    @OptionGroup
    var options: ExternalOptions

    @Flag(name: .customLong("no-wait"), help: "Do not wait for its locks.")
    var isHurried = false

    func run() throws {
        let desk = try options.begin(target, title: nil, global)
        if !isHurried { try desk.awaitBegin() }
        if global.isJSON {
            StandardOutput.line(JobJSON.object(try desk.now()).pretty)
        } else {
            StandardOutput.line("\(desk.job.number)")
        }
    }
}

/// Says how outside work goes on.
struct ExternalReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Say how the work goes on; ends with 2 if somebody asks to stop it.",
        discussion: """
            Without anything to say it says that the program is alive. --step goes on to the next \
            step, which is one of those that were named at the beginning, or a new one behind them.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("The job's number or UUID.", valueName: "job"))
    var job: String

    @Option(help: ArgumentHelp("The step that it is at now.", valueName: "name"))
    var step: String?

    @OptionGroup
    var options: ReportOptions

    @Option(
        help: ArgumentHelp("Something needs attention; the job will warn.", valueName: "text")
    )
    var warning: String?

    func run() throws {
        var report = try options.report()
        report.step = step
        report.warning = warning
        let desk = try ExternalDesk(naming: job, global)
        try desk.report(report)
        let now = try desk.now()
        if global.isJSON { StandardOutput.line(JobJSON.object(now).pretty) }
        guard let line = ExternalDesk.stopLine(of: now) else { return }
        StandardError.say(line)
        throw Ending(.aborted)
    }
}

/// Says how outside work ended.
struct ExternalEndCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "end",
        abstract: "Say how the work ended: completed, warning, failed or aborted."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("The job's number or UUID.", valueName: "job"))
    var job: String

    @Argument(help: ArgumentHelp("completed, warning, failed or aborted.", valueName: "outcome"))
    var outcome: String

    @OptionGroup
    var options: ReportOptions

    @Option(help: ArgumentHelp("The number of the error, such as a status.", valueName: "number"))
    var code = 0

    @Option(
        help: ArgumentHelp(
            "Whether the program took its work back: clean, or dirty if it could not.",
            discussion: "Left out, what was done is left as it is.",
            valueName: "outcome"
        )
    )
    var rollback: String?

    func run() throws {
        guard let outcome = ExternalEnd.Outcome(rawValue: outcome) else {
            throw Complaint(
                .usage,
                "the outcome is completed, warning, failed or aborted, not “\(outcome)”"
            )
        }
        var report = try options.report()
        let text = report.message ?? ""
        report.message = nil
        report.end = ExternalEnd(outcome, text, number: code, rollback: try taken())
        let desk = try ExternalDesk(naming: job, global)
        try desk.report(report)
        if global.isJSON { StandardOutput.line(JobJSON.object(try desk.now()).pretty) }
    }

    private func taken() throws(Complaint) -> RollbackOutcome? {
        switch rollback {
        case nil: return nil
        case "clean": return .clean
        case "dirty": return .dirty
        case let other?:
            throw Complaint(.usage, "--rollback is clean or dirty, not “\(other)”")
        }
    }
}

extension ExternalDesk {
    /// The desk of a job that exists.
    init(naming word: String, _ global: GlobalOptions) throws {
        let site = try global.site()
        // A store is not made only to find out that there is no such job.
        _ = try site.openStoreForReading()
        let store = try site.openStore()
        let id = try store.read { try $0.job(named: word) }
        self.init(desk: RequestDesk(site: site, store: store), job: id)
    }
}
