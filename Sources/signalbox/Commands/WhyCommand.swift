import ArgumentParser
import Model
import Store

/// Why a job is not running, and what can be done about it.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say why a job is not running or how it ended, and what can be done about it.",
        discussion: """
            The first line says it all in short. For a job that does not simply run, the rest \
            follows: who waits for whom, down to the root of the matter; the operation at the \
            backend and what the backend says of it now; and what can be done, the safest first, \
            with what each command would change. A living engine asks the backend, and its answer \
            is kept in the job's log; without one the simulated hypervisor's log is read.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its number or UUID.", valueName: "job"))
    var job: String

    @Flag(name: .customLong("no-ask"), help: "Do not ask the backend.")
    var isSilent = false

    func run() throws {
        let desk = try EvidenceDesk(global)
        let (stored, isAlive, open) = try desk.store.read { reader in
            let id = try reader.job(named: job)
            return (
                try reader.detail(id, logLimit: 0)?.job, try reader.engine()?.isAlive ?? false,
                try reader.openPrerequisites(of: id, limit: StoreLimits.links)
            )
        }
        guard let stored else { throw Complaint(.notFound, "there is no job \(job)") }
        let now = WallClock(on: desk.store).now()
        let line = JobWhy.line(stored, engineAlive: isAlive, now: now)
        var evidence = try desk.evidence(of: stored.id)
        let isWell = evidence.isWell(at: now) && isAlive
        if !isSilent, !isWell { desk.ask(&evidence) }
        guard !global.isJSON else {
            let head = JSONValue.object(of: [
                "id": JSONValue(stored.id), "why": JSONValue(line),
                "prerequisites": .array(open.map(RecordJSON.object)),
            ])
            return StandardOutput.line(JSONValue.object(head.members + evidence.members).pretty)
        }
        let paper = try global.paper()
        StandardOutput.line(paper.safe(line))
        if !isWell { EvidencePrinter(paper: paper, now: now).show(evidence) }
    }
}
