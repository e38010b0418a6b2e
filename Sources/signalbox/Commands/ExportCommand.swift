import ArgumentParser
import Model
import Store

/// Jobs as a file for other programs.
struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write jobs as CSV or JSON, with their states in the words of four systems.",
        discussion: """
            Jobs come in the order of their numbers, each once; the list is read in parts, so that \
            any number of them takes little memory and nobody waits. A job that moves meanwhile is \
            written as it was when its part was read. Secrets are masked; in CSV, texts that a \
            spreadsheet would take for a formula get an apostrophe before them.
            """
    )

    /// How jobs can be written.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        /// Lines of values with a heading, after RFC 4180.
        case csv
        /// One array.
        case json
        /// One object a line.
        case jsonl
        /// The journal in the log format of CloudStack from 4.20 on.
        case cloudstackLog = "cloudstack-log"
        /// The journal in the log format of CloudStack up to 4.19.
        case cloudstack419Log = "cloudstack-log-4.19"
        /// The journal in the log format of VDSM.
        case vdsmLog = "vdsm-log"
    }

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("Which jobs, as with “jobs”; all if left out.", valueName: "filter")
    )
    var filter: [String] = []

    @Flag(name: .customLong("archive"), help: "Look among archived jobs, too.")
    var includesArchive = false

    @Option(
        help: ArgumentHelp(
            "csv, json, jsonl (an object a line), or the journal in an older log format.",
            discussion: "cloudstack-log (4.20 on), cloudstack-log-4.19, vdsm-log: a line for each "
                + "move of the jobs that the filter selects, in order, times in UTC.",
            valueName: "format"
        )
    )
    var format: Format?

    /// How many jobs are read at once.
    private static let part = 1000

    func run() throws {
        let store = try global.site().openStoreForReading()
        var query = JobQuery(
            filter: try FilterParser.parse(filter.joined(separator: " ")),
            limit: Self.part
        )
        query.includesArchive = includesArchive
        let format = format ?? (global.isJSON ? .json : .csv)
        let now = WallClock(on: store).now()
        if let log = OlderLog(rawValue: format.rawValue) {
            return try write(log, query.filter, store, at: now)
        }
        var last = JobID(0)
        var isFirst = true
        if format == .csv { StandardOutput.write(JobCSV.heading) }
        if format == .json { StandardOutput.write("[") }
        while true {
            let (asked, after) = (query, last)
            let jobs = try store.read { try $0.jobs(asked, after: after, at: now) }
            for job in jobs {
                switch format {
                case .csv: StandardOutput.write(JobCSV.line(job))
                case .jsonl: StandardOutput.line(JobJSON.line(job.masked))
                case .cloudstackLog, .cloudstack419Log, .vdsmLog: break
                case .json:
                    StandardOutput.write((isFirst ? "\n" : ",\n") + JobJSON.line(job.masked))
                }
                isFirst = false
            }
            guard let newest = jobs.last?.id, jobs.count == Self.part else { break }
            last = newest
        }
        if format == .json { StandardOutput.line(isFirst ? "]" : "\n]") }
    }
}

extension ExportCommand {
    /// Writes the journal of the jobs that a filter selects, in its order.
    private func write(
        _ log: OlderLog,
        _ filter: Filter,
        _ store: SQLiteStore,
        at now: Timestamp
    ) throws {
        var last: Int64 = 0
        while true {
            let after = last
            let (events, jobs) = try store.read { reader in
                let events = try reader.events(after: after, limit: Self.part)
                let ids = Set(events.flatMap { [$0.entry.job, $0.job?.rootID ?? $0.entry.job] })
                // As they are now: that is what a filter is about.
                let jobs = try reader.jobs(ids.sorted()).map { ($0.job.id, $0.job) }
                return (events, Dictionary(jobs) { first, _ in first })
            }
            for event in events {
                guard let job = jobs[event.entry.job], filter.matches(job, at: now),
                    includesArchive || job.archivedAt == nil
                else { continue }
                let root = jobs[job.rootID]?.uuid ?? job.uuid
                log.lines(event.entry, of: job, root: root).forEach(StandardOutput.line)
            }
            guard let end = events.last?.entry.sequence else { return }
            last = end
        }
    }
}

extension Job {
    /// The same without what looks like a secret in its texts.
    fileprivate var masked: Job {
        var job = self
        job.message = SecretMask.masked(message)
        job.result = result.map(SecretMask.masked)
        job.stop?.reason = SecretMask.masked(stop?.reason ?? "")
        return job
    }
}
