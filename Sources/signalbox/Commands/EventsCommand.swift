import ArgumentParser
import Model
import Store

/// A job's journal.
struct EventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show every move of a job, with who caused it and why."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its number or UUID.", valueName: "job"))
    var job: String

    @Flag(name: .customLong("follow"), help: "Go on until the job has ended.")
    var isFollowing = false

    func run() throws {
        let site = try global.site()
        let store = try site.openStoreForReading()
        let id = try store.read { try $0.job(named: job) }
        let paper = try global.paper()
        guard !isFollowing else { return try follow(id, site, store, paper) }
        var entries: [JournalEntry] = []
        while true {
            let part = try read(id, after: entries.last?.sequence ?? 0, store).entries
            entries += part
            guard part.count == Self.pageSize else { break }
        }
        guard !global.isJSON else {
            return StandardOutput.line(JSONText.list(entries.map(RecordJSON.object)))
        }
        var table = Table([
            .init("WHEN"), .init("FROM"), .init("TO"), .init("WHO"), .init("WHY"),
        ])
        for entry in entries {
            table.add([
                .init(entry.at.description),
                .init(entry.from?.word ?? "-"),
                entry.from == entry.to ? .init("-") : .init(entry.to.word, entry.to.tint),
                .init(entry.actor),
                .init(entry.cause),
            ])
        }
        table.print(on: paper)
    }

    private static let pageSize = 1000

    private func read(
        _ id: JobID,
        after sequence: Int64,
        _ store: SQLiteStore
    ) throws -> (entries: [JournalEntry], job: Job?) {
        try store.read { reader in
            let entries = try reader.journal(of: id, after: sequence, limit: Self.pageSize)
            return (entries, try reader.jobs([id]).first?.job)
        }
    }

    private func follow(_ id: JobID, _ site: Site, _ store: SQLiteStore, _ paper: Paper) throws {
        let ear = try StoreEar(site.storePath, heedsReader: true)
        let lines = EventFollow(
            site: site,
            store: store,
            filter: .all,
            paper: paper,
            isJSON: global.isJSON
        )
        var place: Int64 = 0
        while true {
            let (entries, job) = try read(id, after: place, store)
            for entry in entries {
                StandardOutput.line(
                    global.isJSON
                        ? RecordJSON.object(entry).text : lines.line(JobEvent(entry, job: job))
                )
            }
            place = entries.last?.sequence ?? place
            guard entries.isEmpty else { continue }
            if job?.state.isTerminal ?? true { return }
            try ear.wait(milliseconds: -1)
        }
    }
}
