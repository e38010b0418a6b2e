import Model

/// Jobs as a table.
struct JobTable {
    let paper: Paper
    let now: Timestamp

    /// The rows under their heading.
    func table(_ rows: [JobRow]) -> Table {
        var table = Table([
            .init("JOB", isRight: true), .init("STATE"), .init("DONE", isRight: true),
            .init("KIND"), .init("TARGET"), .init("USER"), .init("AGE", isRight: true),
            .init("NOW"),
        ])
        for row in rows { table.add(cells(row)) }
        return table
    }

    private func cells(_ row: JobRow) -> [Table.Cell] {
        let job = row.job
        let indent = String(repeating: "  ", count: row.depth)
        return [
            .init("\(job.id.number)"),
            .init(job.state.word, job.state.tint),
            .init("\(job.progress)%"),
            .init(indent + job.kind),
            .init(job.target.description),
            .init(job.user),
            .init(Span.short(job.age(at: now))),
            .init(job.waiting?.text ?? job.message),
        ]
    }
}

extension JobState {
    /// The colour in which plain output shows it.
    var tint: Tint {
        switch self {
        case .pending, .queued, .childQueued: .none
        case .running, .childRunning, .finishing: .active
        case .cancelling, .rollingBack, .needsOperator, .lost, .warning: .attention
        case .completed: .good
        case .failed: .bad
        case .aborted: .faint
        }
    }
}
