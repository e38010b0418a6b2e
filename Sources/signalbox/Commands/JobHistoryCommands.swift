import ArgumentParser
import Model
import Store

/// A job's log.
struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Show a job's log."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Its number or UUID.", valueName: "job"))
    var job: String

    @Flag(name: .customLong("follow"), help: "Go on until the job has ended.")
    var isFollowing = false

    @Flag(name: .customLong("tree"), help: "Show the logs of its whole tree, in order of time.")
    var isTree = false

    @Option(
        help: ArgumentHelp(
            "The least level: \(LogLevel.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "level"
        )
    )
    var level = LogLevel.debug.rawValue

    func run() throws {
        guard let least = LogLevel(rawValue: level) else {
            let known = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw Complaint(.usage, "--level must be one of \(known), not “\(level)”")
        }
        let site = try global.site()
        let store = try site.openStoreForReading()
        let id = try store.read { try $0.job(named: job) }
        let isInLines = global.isJSON && isFollowing
        var all: [JSONValue] = []
        var after: Int64 = 0
        let paper = try global.paper()
        let ear = isFollowing ? try StoreEar(site.storePath) : nil
        while true {
            let (lines, isOver) = try read(id, after: after, store)
            after = lines.last?.sequence ?? after
            for line in lines where line.level >= least {
                if isInLines {
                    StandardOutput.line(RecordJSON.object(line).text)
                } else if global.isJSON {
                    all.append(RecordJSON.object(line))
                } else {
                    StandardOutput.line(text(line, of: id, paper))
                }
            }
            guard lines.isEmpty else { continue }
            guard let ear, !isOver else { break }
            try ear.wait(milliseconds: -1)
        }
        if global.isJSON && !isInLines { StandardOutput.line(JSONText.list(all)) }
    }

    private func read(
        _ id: JobID,
        after: Int64,
        _ store: SQLiteStore
    ) throws -> (lines: [LogLine], isOver: Bool) {
        try store.read { reader in
            let isOver = try reader.jobs([id]).first?.job.state.isTerminal ?? true
            return (try reader.log(of: id, tree: isTree, after: after, limit: 1000), isOver)
        }
    }

    private func text(_ line: LogLine, of id: JobID, _ paper: Paper) -> String {
        let owner = isTree ? " \(line.job)" : ""
        let tint: Tint =
            switch line.level {
            case .debug: .faint
            case .info: .none
            case .warning: .attention
            case .error: .bad
            }
        let word = paper.tinted(line.level.rawValue, tint)
        return "\(line.at)\(owner) \(word) \(paper.safe(SecretMask.masked(line.text)))"
    }
}
