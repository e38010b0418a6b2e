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
    }

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(
        help: ArgumentHelp("Which jobs, as with “jobs”; all if left out.", valueName: "filter")
    )
    var filter: [String] = []

    @Flag(name: .customLong("archive"), help: "Look among archived jobs, too.")
    var includesArchive = false

    @Option(help: ArgumentHelp("csv, json, or jsonl: an object a line.", valueName: "format"))
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
