import ArgumentParser
import Engine
import Foundation
import Model
import Operations
import Store

/// Work that programs outside do and report.
struct ExternalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "external",
        abstract: "Report work that your own program does: it is a job here, with locks and a log.",
        discussion: """
            “run” does it all for a command: it begins a job, waits for its locks, reports what \
            the command says, ends it when somebody aborts the job, and ends the job as the \
            command ended.

              signalbox external run vm/web-1 --title "Convert disks" -- ./convert.sh web-1

            A program that wants to say more begins, reports and ends by itself; each of these \
            ends with 2 once somebody asks to stop the job.

              job=$(signalbox external begin vm/web-1 --title "Move" --step Copy --step Switch)
              signalbox external report $job --progress 40 --message "disk 1 of 2"
              signalbox external report $job --step Switch
              signalbox external end $job completed
            """,
        subcommands: [
            ExternalRunCommand.self, ExternalBeginCommand.self, ExternalReportCommand.self,
            ExternalEndCommand.self,
        ]
    )
}

/// What a job for outside work can be told.
struct ExternalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("What is done, in a line.", valueName: "text"))
    var title: String?

    @Option(help: ArgumentHelp("Who does it, for people: ansible.", valueName: "name"))
    var program: String?

    @Option(
        name: .customLong("step"),
        help: ArgumentHelp(
            "A step that is known before; may be repeated, in their order.",
            valueName: "name"
        )
    )
    var steps: [String] = []

    @Option(
        help: ArgumentHelp("How the target is held: exclusive, shared or none.", valueName: "mode")
    )
    var hold: String?

    @Option(
        name: .customLong("also"),
        help: ArgumentHelp(
            "What else is held: store/ssd, or host/kvm-a01:shared; may be repeated.",
            valueName: "resource"
        )
    )
    var also: [String] = []

    @Option(
        help: ArgumentHelp(
            "How long the program may say nothing before the job counts as lost: 5m.",
            valueName: "span"
        )
    )
    var silence: String?

    @Option(help: ArgumentHelp("On whose account it counts.", valueName: "name"))
    var account: String?

    @Option(help: ArgumentHelp("Larger is sooner.", valueName: "number"))
    var priority = 0

    @Option(help: ArgumentHelp("Your own name for the request.", valueName: "text"))
    var key: String?

    @Option(
        help: ArgumentHelp("Only after that job has completed; may be repeated.", valueName: "job")
    )
    var after: [String] = []

    @Option(
        help: ArgumentHelp(
            "A limit of time: queue, start, step or total; may be repeated.",
            discussion: "queue=10m gives up when its locks are not free by then.",
            valueName: "name=span"
        )
    )
    var limit: [String] = []

    /// Submits the job.
    func begin(_ target: String?, title usual: String?, _ global: GlobalOptions) throws
        -> ExternalDesk
    {
        let site = try global.site()
        var parameters: [String: String] = [:]
        parameters["title"] = title ?? usual ?? steps.first
        parameters["program"] = program
        parameters["lock"] = hold
        parameters["silence"] = silence
        if !also.isEmpty { parameters["locks"] = also.joined(separator: " ") }
        if !steps.isEmpty { parameters["steps"] = JSONValue.array(steps.map { .string($0) }).text }
        let account = account ?? site.configuration.account ?? ""
        var submission = Submission(
            kind: External.kind,
            target: target.map { Target($0) } ?? .none,
            parameters: parameters,
            user: site.user,
            account: account,
            priority: priority
        )
        submission.key = key
        submission.limits = try LimitOption.read(limit)
        try check(submission, site)
        let desk = RequestDesk(site: site, store: try site.openStore())
        submission.after = try desk.store.read { reader in
            try after.map { try reader.job(named: $0) }
        }
        switch try desk.submit(submission) {
        case .accepted(let id), .existing(let id), .joined(let id):
            return ExternalDesk(desk: desk, job: id)
        case .done(let why), .refused(let why): throw Complaint(.refused, why)
        case .notFound(let what): throw Complaint(.notFound, what)
        }
    }

    private func check(_ submission: Submission, _ site: Site) throws {
        let hypervisor = try site.pictureHypervisor()
        let kinds = KindRegistry(StandardKinds.all(hypervisor: hypervisor))
        let order = Order(
            target: submission.target,
            parameters: submission.parameters,
            user: submission.user,
            account: submission.account
        )
        try OrderCheck(kinds: kinds).check(submission.kind, order, isLater: true)
    }
}

/// What can be said of the job while the work goes on.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How much of the step is done: 0 to 100.", valueName: "number"))
    var progress: Int?

    @Option(help: ArgumentHelp("A word about it.", valueName: "text"))
    var message: String?

    @Option(
        name: .customLong("log"),
        help: ArgumentHelp("A line for the log; may be repeated.", valueName: "text")
    )
    var lines: [String] = []

    @Option(help: ArgumentHelp("What level these lines have.", valueName: "level"))
    var level = "info"

    @Option(
        name: .customLong("result"),
        help: ArgumentHelp("What the work gives back; may be repeated.", valueName: "name=value")
    )
    var results: [String] = []

    /// The report without lines from elsewhere.
    func report() throws(Complaint) -> ExternalReport {
        guard let level = LogLevel(rawValue: level) else {
            throw Complaint(.usage, "--level is debug, info, warning or error, not “\(level)”")
        }
        if let progress, !(0...100).contains(progress) {
            throw Complaint(.usage, "--progress is 0 to 100, not \(progress)")
        }
        var report = ExternalReport()
        report.progress = progress
        report.message = message
        report.lines = lines.map { LogText(level, PlainText.of(Array($0.utf8))) }
        for result in results {
            let parts = result.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty else {
                throw Complaint(.usage, "--result must be NAME=VALUE, not “\(result)”")
            }
            report.results[String(parts[0])] = String(parts[1])
        }
        return report
    }
}
