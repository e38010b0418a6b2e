import ArgumentParser
import Engine
import Model
import Store

/// The archive: what it holds, and moving jobs there now.
struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Show what is archived, and move ended jobs to the archive.",
        discussion: """
            An engine moves jobs there by itself when they have ended for as long as the \
            configuration's “retention” says, and removes them when they have been there for as \
            long as it says; “run” does at once what is due. What has not ended is never moved, \
            nor what is pinned, and a tree goes as a whole.
            """,
        subcommands: [ArchiveStatusCommand.self, ArchiveRunCommand.self],
        defaultSubcommand: ArchiveStatusCommand.self
    )
}

/// What the archive holds.
struct ArchiveStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how many jobs are archived, and for how long jobs are kept."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func run() throws {
        let site = try global.site()
        let store = try site.openStoreForReading()
        let (counts, archive) = try store.read { (try $0.counts(), try $0.archive()) }
        let retention = site.configuration.retention
        guard !global.isJSON else {
            return StandardOutput.line(
                JSONValue.object(of: [
                    "jobs": RecordJSON.object(counts),
                    "archived": RecordJSON.object(archive.counts),
                    "pinned": JSONValue(archive.pinned),
                    "oldestArchivedAt": JSONValue(archive.oldest),
                    "retention": RecordJSON.object(retention),
                ]).pretty
            )
        }
        var table = Table([
            .init("STATE"), .init("JOBS", isRight: true), .init("ARCHIVED", isRight: true),
            .init("ARCHIVED AFTER"),
        ])
        for state in JobState.allCases where state.isTerminal {
            table.add([
                .init(state.word, state.tint), .init("\(counts[state])"),
                .init("\(archive.counts[state])"),
                .init(Self.age(retention.ages[state])),
            ])
        }
        table.add([
            .init("not ended"), .init("\(counts.unfinished)"), .init("-"), .init("never"),
        ])
        table.print(on: try global.paper())
        StandardOutput.line("")
        let kept =
            retention.archiveAge == nil ? "for ever" : "for \(Self.age(retention.archiveAge))"
        StandardOutput.line(
            "At most \(retention.maxJobs) ended jobs stay out of the archive; it keeps jobs "
                + "\(kept), at most \(retention.maxArchived)."
        )
        StandardOutput.line(
            archive.pinned == 1 ? "1 job is pinned." : "\(archive.pinned) jobs are pinned."
        )
    }

    private static func age(_ age: Int64?) -> String { age.map(Span.exact) ?? "never" }
}

/// Moves and removes what is due.
struct ArchiveRunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Move to the archive, and remove from it, what is due now.",
        discussion: """
            An engine may be alive meanwhile; the work is done in small parts, between which it \
            goes on.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Flag(name: .customLong("dry-run"), help: "Only say how many jobs that would be.")
    var isDryRun = false

    @Option(
        name: .customLong("older-than"),
        help: ArgumentHelp(
            "Move whatever ended at least so long ago, whatever the configuration says.",
            valueName: "span"
        )
    )
    var olderThan: String?

    func run() throws {
        let site = try global.site()
        let retention = try rules(site.configuration.retention)
        // A store is not made only to find out that nothing is in it.
        _ = try site.openStoreForReading()
        let store = isDryRun ? try site.openStoreForReading() : try site.openStore()
        let now = WallClock(on: store).now()
        let count =
            isDryRun
            ? try store.read { try $0.preview(retention, at: now) }
            : try Self.sweep(store, site, retention, at: now)
        guard !global.isJSON else {
            return StandardOutput.line(
                JSONValue.object(of: [
                    "dryRun": .bool(isDryRun), "moved": RecordJSON.object(count.moved),
                    "removed": JSONValue(count.removed),
                ]).pretty
            )
        }
        let (moved, removed) = (count.moved.total, count.removed)
        let would = isDryRun ? "would be " : ""
        StandardOutput.line("\(Self.jobs(moved)) \(would)moved to the archive")
        StandardOutput.line("\(Self.jobs(removed)) \(would)removed from it")
    }

    private func rules(_ usual: Retention) throws(Complaint) -> Retention {
        guard let olderThan else { return usual }
        guard let age = Span.milliseconds(olderThan) else {
            throw Complaint(.usage, "--older-than is a span such as 12h, not “\(olderThan)”")
        }
        var retention = usual
        for state in JobState.allCases where state.isTerminal { retention.ages[state] = age }
        return retention
    }

    private static func jobs(_ count: Int) -> String { count == 1 ? "1 job" : "\(count) jobs" }

    private static func sweep(
        _ store: SQLiteStore,
        _ site: Site,
        _ retention: Retention,
        at now: Timestamp
    ) throws -> SweepCount {
        let change = Gate.Change(.archive, "archive", on: "store")
        try site.gate(store).change(change, at: now) { _, entry in entry.outcome = "begun" }
        var memory = SweepMemory(from: now)
        var sum = SweepCount()
        while let due = memory.nextAt, due <= now {
            let part = try store.write(as: nil) { tx in
                try Sweep(retention, at: now, limit: 200).run(&memory, in: tx)
            }
            for state in JobState.allCases { sum.moved[state] += part.moved[state] }
            sum.removed += part.removed
        }
        return sum
    }
}
