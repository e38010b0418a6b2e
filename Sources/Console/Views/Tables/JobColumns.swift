import Model

/// The columns of the list of jobs.
enum JobColumns {
    /// The columns, for numbers of that width; a tree needs more room for the kind.
    static func all(idWidth: Int, isTree: Bool = false) -> [TableColumn<JobRow>] {
        [id(idWidth)] + main(isTree) + more
    }

    /// How many columns the numbers of these jobs need.
    static func idWidth(_ rows: [JobRow]) -> Int {
        let longest = rows.map(\.job.id.number).max() ?? 0
        return min(12, max(5, "\(longest)".count))
    }

    private static func id(_ width: Int) -> TableColumn<JobRow> {
        TableColumn(title: "JOB", least: width, most: width, priority: 0, isRight: true) { row, _ in
            TableCell("\(row.job.id.number)")
        }
    }

    private static func main(_ isTree: Bool) -> [TableColumn<JobRow>] {
        [
            TableColumn(title: "STATE", least: 16, most: 16, priority: 1) { row, context in
                let state = row.job.state
                return TableCell(context.text(Glyphs.state(state)) + " " + state.word, Role(state))
            },
            TableColumn(title: "PROGRESS", least: 8, most: 15, priority: 3, isRight: true) {
                row,
                _ in
                progress(row.job)
            },
            TableColumn(title: "AGE", least: 6, most: 6, priority: isTree ? 7 : 4, isRight: true) {
                row,
                context in
                TableCell(Span.short(row.job.age(at: context.now)), .muted)
            },
            TableColumn(
                title: "KIND",
                least: isTree ? 16 : 10,
                most: isTree ? 32 : 20,
                priority: 5
            ) { row, context in
                TableCell(branch(row, context) + row.job.kind)
            },
            TableColumn(title: "TARGET", least: 11, most: 24, priority: 2) { row, _ in
                TableCell(row.job.target.description)
            },
            TableColumn(title: "USER", least: 8, most: 12, priority: 9) { row, _ in
                TableCell(row.job.user, .muted)
            },
            TableColumn(title: "HOST", least: 8, most: 12, priority: 8) { row, _ in
                TableCell(host(row.job.lane), .muted)
            },
            TableColumn(title: "WHY", least: 14, most: .max, comfortable: 34, priority: 6) {
                row,
                context in
                TableCell(
                    Explanation.of(row.job, at: context.now, hasEngine: context.hasEngine),
                    row.job.state.needsAttention ? Role(row.job.state) : .muted
                )
            },
        ]
    }

    /// What only wide screens have room for.
    private static var more: [TableColumn<JobRow>] {
        [
            TableColumn(title: "ACCOUNT", least: 9, most: 12, priority: 11) { row, _ in
                TableCell(row.job.account, .muted)
            },
            TableColumn(title: "PRIO", least: 4, most: 4, priority: 12, isRight: true) { row, _ in
                TableCell("\(row.job.priority)", .muted)
            },
            TableColumn(title: "TRY", least: 3, most: 3, priority: 13, isRight: true) { row, _ in
                TableCell("\(row.job.attempt)", .muted)
            },
            TableColumn(title: "PARENT", least: 8, most: 10, priority: 14, isRight: true) {
                row,
                _ in
                TableCell(row.job.parentID.map { "\($0.number)" } ?? "", .muted)
            },
            TableColumn(title: "CREATED", least: 8, most: 8, priority: 10) { row, _ in
                TableCell(row.job.createdAt.timeOfDay, .muted)
            },
        ]
    }

    /// A job that has ended makes no progress any more: it has no bar.
    private static func progress(_ job: Job) -> TableCell {
        job.state.isTerminal
            ? TableCell("\(job.progress)%", .muted)
            : TableCell("\(job.progress)%", bar: job.progress)
    }

    private static func host(_ lane: String) -> String {
        lane.hasPrefix("host/") ? String(lane.dropFirst(5)) : lane
    }

    /// What stands before a row of a tree: how deep it is, and whether it can be unfolded.
    static func branch(_ row: JobRow, _ context: CellContext) -> String {
        guard context.isTree else { return "" }
        let indent = String(repeating: " ", count: 2 * min(max(row.depth, 0), 8))
        guard row.job.childCount > 0 else { return indent + "  " }
        let isFolded = row.isFolded || context.folded.contains(row.job.id)
        return indent + context.text(isFolded ? Glyphs.folded : Glyphs.unfolded) + " "
    }
}
