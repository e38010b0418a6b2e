import Model
import Store

/// How many jobs of each kind ended in which state.
struct RunSummary {
    private var counts: [String: Counts] = [:]

    /// The jobs that were counted already.
    init(_ counts: [String: Counts]) { self.counts = counts }

    /// Counts the jobs of a store.
    init(_ store: SQLiteStore) throws {
        var query = JobQuery(order: .oldest, limit: 1000)
        query.includesArchive = true
        while true {
            let rows = try store.read { try $0.page(query, at: Timestamp(milliseconds: 0)).rows }
            for row in rows { counts[row.job.kind, default: Counts()][row.job.state] += 1 }
            guard rows.count == query.limit else { return }
            query.offset += rows.count
        }
    }

    /// Prints one line a kind, and the sum.
    func print(isJSON: Bool, on paper: Paper) {
        var all = Counts()
        for (_, count) in counts {
            for state in JobState.allCases { all[state] += count[state] }
        }
        let kinds = counts.sorted { $0.key < $1.key }
        guard !isJSON else {
            let members = kinds.map { JSONValue.Member($0.key, RecordJSON.object($0.value)) }
            let object = JSONValue.object(of: [
                "kinds": .object(members), "all": RecordJSON.object(all),
            ])
            return StandardOutput.line(object.pretty)
        }
        let states = JobState.allCases.filter { all[$0] > 0 }
        var table = Table(
            [.init("KIND")] + states.map { .init($0.word.uppercased(), isRight: true) }
                + [.init("ALL", isRight: true)]
        )
        for (kind, count) in kinds + [("all", all)] {
            let cells = states.map { state in
                Table.Cell(count[state] == 0 ? "-" : "\(count[state])")
            }
            table.add([.init(kind)] + cells + [.init("\(count.total)")])
        }
        table.print(on: paper)
    }
}
