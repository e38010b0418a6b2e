import ArgumentParser
import Foundation
import Model
import Store

/// A list of jobs.
struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "List jobs.",
        discussion: """
            The filter is the console's: state:failed kind:vm.* target:web-1 user:alice age>5m, \
            free words, not, or and brackets. With --follow, a filter is held against the job as \
            it stands after each move. Fields:
            \(FilterFields.all.map { "  \($0.name)  \($0.help)" }.joined(separator: "\n"))
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Argument(help: ArgumentHelp("Which jobs; all if left out.", valueName: "filter"))
    var filter: [String] = []

    @Flag(name: .customLong("tree"), help: "Show children below their parents.")
    var isTree = false

    @Flag(
        name: .customLong("archive"),
        help: "Look among archived jobs, too; is:archived shows only those."
    )
    var includesArchive = false

    @Flag(
        name: .customLong("all"),
        help: "Show jobs that keep house, too; is:internal shows only those."
    )
    var includesInternal = false

    // Its value may begin with a dash.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "In which order: \(JobQuery.Order.allCases.map(\.rawValue).joined(separator: ", ")); "
                + "with - before it, the other way round.",
            valueName: "field"
        )
    )
    var sort = JobQuery.Order.activity.rawValue

    @Option(help: ArgumentHelp("At most so many, up to 10000.", valueName: "number"))
    var limit = 100

    @Flag(
        name: .customLong("follow"),
        help: "Go on with a line for each move of a job, once and in order; --json: only these."
    )
    var isFollowing = false

    @Option(
        help: ArgumentHelp(
            "With --follow: begin behind that line of the journal, or at that time.",
            discussion: "The number of the last event seen goes on without a gap: a time such as "
                + "2026-11-22T15:41:20Z and a span before now such as 10m are good for the first.",
            valueName: "sequence|time"
        )
    )
    var since: String?

    func run() throws {
        guard since == nil || isFollowing else {
            throw Complaint(.usage, "--since says where --follow begins; alone it means nothing")
        }
        let site = try global.site()
        let query = try query()
        let store = try site.openStoreForReading()
        let paper = try global.paper()
        let now = WallClock(on: store).now()
        let follow = EventFollow(
            site: site,
            store: store,
            filter: query.hidesInternal && !query.filter.asksForInternal
                ? query.filter.withoutInternal : query.filter,
            paper: paper,
            isJSON: global.isJSON
        )
        if let since { return try follow.run(after: try JournalPlace.read(since, store)) }
        let (page, end) = try store.read { (try $0.page(query, at: now), try $0.journalEnd()) }
        if !isFollowing || !global.isJSON { try show(page, at: now, on: paper) }
        if isFollowing { try follow.run(after: end) }
    }

    private func show(_ page: JobPage, at now: Timestamp, on paper: Paper) throws {
        if global.isJSON {
            StandardOutput.line(JobJSON.list(page.rows.map(\.job)))
        } else if page.rows.isEmpty && !isFollowing {
            StandardError.say("no such jobs")
        } else if !page.rows.isEmpty {
            JobTable(paper: paper, now: now).table(page.rows).print(on: paper)
        }
        if page.hidden > 0 && !global.isJSON && !isFollowing {
            let what = page.hidden == 1 ? "1 job that keeps" : "\(page.hidden) jobs that keep"
            StandardError.say("\(what) house left out; --all shows them")
        }
        let rest = page.total.map { $0 - page.rows.count } ?? 1
        if rest > 0 && !global.isJSON && !isFollowing {
            let count = page.total.map { "\($0 - page.rows.count)" } ?? "many"
            StandardError.say("\(count) more; --limit shows more of them")
        }
    }

    private func query() throws -> JobQuery {
        let isReversed = sort.hasPrefix("-")
        let word = isReversed ? String(sort.dropFirst()) : sort
        guard let order = JobQuery.Order(rawValue: word) else {
            let known = JobQuery.Order.allCases.map(\.rawValue).joined(separator: ", ")
            throw Complaint(.usage, "--sort must be one of \(known), not “\(word)”")
        }
        guard (1...10_000).contains(limit) else {
            throw Complaint(.usage, "--limit is a number from 1 to 10000")
        }
        var query = JobQuery(
            filter: try FilterParser.parse(filter.joined(separator: " ")),
            order: order,
            isReversed: isReversed,
            isTree: isTree,
            limit: limit
        )
        query.includesArchive = includesArchive
        query.hidesInternal = !includesInternal
        return query
    }
}
