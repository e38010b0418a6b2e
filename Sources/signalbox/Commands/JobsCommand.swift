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
            free words, not, or and brackets. Fields:
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

    @Flag(name: .customLong("follow"), help: "Go on printing whatever changes.")
    var isFollowing = false

    func run() throws {
        let site = try global.site()
        let query = try query()
        let store = try site.openStoreForReading()
        let paper = try global.paper()
        let now = WallClock(on: store).now()
        let page = try store.read { try $0.page(query, at: now) }
        let printer = JobTable(paper: paper, now: now)
        if global.isJSON && isFollowing {
            page.rows.forEach { StandardOutput.line(JobJSON.line($0.job)) }
        } else if global.isJSON {
            StandardOutput.line(JobJSON.list(page.rows.map(\.job)))
        } else if page.rows.isEmpty && !isFollowing {
            StandardError.say("no such jobs")
        } else {
            printer.table(page.rows).print(on: paper)
        }
        let rest = (page.total ?? .max) - page.rows.count
        if rest > 0 && !global.isJSON && !isFollowing {
            let count = page.total.map { "\($0 - page.rows.count)" } ?? "many"
            StandardError.say("\(count) more; --limit shows more of them")
        }
        if isFollowing { try follow(query, page.rows, site, store) }
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
        return query
    }

    /// Prints each row of the page anew when its job has changed; ends when interrupted.
    private func follow(
        _ query: JobQuery,
        _ rows: [JobRow],
        _ site: Site,
        _ store: SQLiteStore
    ) throws {
        let ear = try StoreEar(site.storePath)
        let paper = try global.paper()
        var shown = Dictionary(rows.map { ($0.job.id, $0.job) }) { first, _ in first }
        while true {
            try ear.wait(milliseconds: -1)
            let now = WallClock(on: store).now()
            let rows = try store.read { try $0.page(query, at: now).rows }
            let changed = rows.filter { shown[$0.job.id] != $0.job }
            shown = Dictionary(rows.map { ($0.job.id, $0.job) }) { first, _ in first }
            if global.isJSON {
                changed.forEach { StandardOutput.line(JobJSON.line($0.job)) }
            } else if !changed.isEmpty {
                let lines = JobTable(paper: paper, now: now).table(changed).lines(on: paper)
                lines.dropFirst().forEach(StandardOutput.line)
            }
        }
    }
}
