import ArgumentParser
import Model
import Store

/// What can be asked about one job, and done to it.
struct JobCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "job",
        abstract: "Look at a job, wait for it, stop it, try it again.",
        discussion: """
            Stopping is a ladder: cancel stops at the next step boundary and undoes what was done; \
            abort interrupts the running step and undoes; abandon stops tracking a backend that \
            does not answer, and what may still be running there stays on record.
            """,
        subcommands: [
            ShowCommand.self, TreeCommand.self, LogCommand.self, EventsCommand.self,
            WhyCommand.self, WaitCommand.self, CancelCommand.self, AbortCommand.self,
            AbandonCommand.self, RetryCommand.self, ResolveCommand.self, PriorityCommand.self,
            ApproveCommand.self, RejectCommand.self, AckCommand.self, PinCommand.self,
            UnpinCommand.self,
        ]
    )
}

/// Everything about one job.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show everything about a job."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its number or UUID.", valueName: "job"))
    var job: String

    func run() throws {
        let store = try global.site().openStoreForReading()
        let (detail, isAlive) = try store.read { reader in
            let id = try reader.job(named: job)
            return (try reader.detail(id, logLimit: 20), try reader.engine()?.isAlive ?? false)
        }
        guard let detail else { throw Complaint(.notFound, "there is no job \(job)") }
        let now = WallClock(on: store).now()
        guard !global.isJSON else {
            return StandardOutput.line(JobJSON.detail(detail, now: now).pretty)
        }
        let printer = DetailPrinter(
            paper: try global.paper(),
            now: now,
            isEngineAlive: isAlive
        )
        printer.show(detail)
    }
}

/// A job's whole tree.
struct TreeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tree",
        abstract: "Show a job with its parents and children."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its number or UUID.", valueName: "job"))
    var job: String

    func run() throws {
        let store = try global.site().openStoreForReading()
        let (rows, links) = try store.read { reader in
            let rows = try reader.detail(try reader.job(named: job), logLimit: 0)?.tree ?? []
            return (rows, try reader.links(of: rows.map(\.job.id)))
        }
        guard !global.isJSON else {
            let objects = rows.map { row in
                let links = links[row.job.id] ?? JobLinks()
                return JSONValue.object(JobJSON.row(row).members + LinkText.members(links))
            }
            return StandardOutput.line(JSONText.list(objects))
        }
        let paper = try global.paper()
        JobTable(paper: paper, now: WallClock(on: store).now()).table(rows).print(on: paper)
        for row in rows {
            guard let links = links[row.job.id] else { continue }
            for line in LinkText.lines(links) {
                StandardOutput.line(paper.safe("\(row.job.id) \(line)"))
            }
        }
    }
}

/// Waiting for jobs.
struct WaitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait for jobs to end.",
        discussion: """
            Ends with 0 if all were completed, 1 if one failed, 2 if one was aborted, 124 if time \
            ran out. Without --timeout, 69 if no engine is alive.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Their numbers or UUIDs.", valueName: "job"))
    var jobs: [String]

    @Option(help: ArgumentHelp("The longest wait.", valueName: "span"))
    var timeout: String?

    func run() throws {
        let site = try global.site()
        let store = try site.openStoreForReading()
        let limit = try JobWait.limit(timeout)
        let ids = try store.read { reader in try jobs.map { try reader.job(named: $0) } }
        let wait = JobWait(site: site, store: store, limit: limit)
        let ended = try wait.wait(for: ids)
        if global.isJSON { StandardOutput.line(JobJSON.list(ended)) }
        try wait.end(with: ended, isQuiet: global.isJSON)
    }
}
