import Model

extension SQLiteTransaction {
    func insert(_ rows: [SavedJob], ofStep: Int?) throws {
        try insertRows(Self.insertJobs, rows) { row, query in
            JobColumns.bind(row.stored, ofStep: ofStep, to: &query)
        }
        for row in rows {
            count(row, in: row.stored.job.state, 1)
            if let result = row.stored.job.result {
                try setResult(result, of: row.stored.job.id)
            }
        }
    }

    private static let insertJobs = RowInsert(
        "INSERT OR FAIL INTO job (\(JobColumns.inserted.joined(separator: ", ")))",
        columns: JobColumns.inserted.count
    )

    func update(_ jobs: [(before: JobStamp, after: SavedJob)]) throws {
        // Few shapes of updates take turns; jobs of one shape share a statement.
        var byShape: [Int: [Int]] = [:]
        for (place, job) in jobs.enumerated() {
            let known = job.before.row?.stored
            let shape = known.map { JobColumnGroup.differing($0, job.after.stored) }
            byShape[shape ?? JobColumnGroup.everything, default: []].append(place)
        }
        for (shape, places) in byShape.sorted(by: { $0.key < $1.key }) {
            try update(places.lazy.map { jobs[$0] }, shape)
        }
        for (_, after) in jobs {
            if let result = after.stored.job.result {
                try setResult(result, of: after.stored.job.id)
            }
        }
    }

    private func update(
        _ jobs: some Swift.Sequence<(before: JobStamp, after: SavedJob)>,
        _ shape: Int
    ) throws {
        let (sql, groups) = Self.updates[shape]
        try query(sql) { query in
            for (before, after) in jobs {
                for group in groups { group.bind(after.stored, &query) }
                query.bind(before.id)
                query.bind(before.state.code)
                query.bind(before.fence)
                guard try query.run() == 1 else { throw Self.conflict(before) }
                count(after, in: before.state, -1)
                count(after, in: after.stored.job.state, 1)
            }
        }
    }

    /// What every shape of an update writes, in words and as groups; by its bits.
    private static let updates: [(sql: String, groups: [JobColumnGroup])] =
        (0...JobColumnGroup.everything).map { shape in
            let groups = JobColumnGroup.groups(shape)
            return (updateSQL(groups), groups)
        }

    static func updateSQL(_ groups: [JobColumnGroup]) -> String {
        let changes = groups.flatMap(\.columns).map { "\($0) = ?" }
        return "UPDATE OR FAIL job SET \(changes.joined(separator: ", "))"
            + " WHERE id = ? AND state = ? AND fence = ?"
    }

    private static func conflict(_ before: JobStamp) -> StoreError {
        StoreError(
            .conflict,
            action: "change \(before.id)",
            detail: "it is no longer \(before.state.rawValue) under fence \(before.fence)"
        )
    }

    func save(_ steps: [(job: JobID, step: StepRecord)]) throws {
        try insertRows(Self.saveSteps, steps) { row, query in
            StepColumns.bind(row.step, of: row.job, to: &query)
        }
    }

    private static let saveSteps = RowInsert(
        "INSERT OR REPLACE INTO step (\(StepColumns.inserted.joined(separator: ", ")))",
        columns: StepColumns.inserted.count
    )

    func update(_ steps: [(job: JobID, step: StepRecord)]) throws {
        try query(Self.updateStepSQL) { query in
            for (job, step) in steps {
                StepColumns.bindMoving(step, to: &query)
                query.bind(job)
                query.bind(step.index)
                guard try query.run() == 1 else {
                    throw StoreError(
                        .conflict,
                        action: "change step \(step.index) of \(job)",
                        detail: "it is not there"
                    )
                }
            }
        }
    }

    static let updateStepSQL: String = {
        let changes = StepColumns.moving.map { "\($0) = ?" }.joined(separator: ", ")
        return "UPDATE OR FAIL step SET \(changes) WHERE job = ? AND number = ?"
    }()

    func trimSteps(of job: JobID, to count: Int) throws {
        try query("DELETE FROM step WHERE job = ? AND number >= ?") { query in
            query.bind(job)
            query.bind(count)
            try query.run()
        }
    }

    func insertDependencies(of job: JobID, on prerequisites: [JobID]) throws {
        try insertRows(Self.insertDependency, prerequisites) { prerequisite, query in
            query.bind(prerequisite)
            query.bind(job)
        }
    }

    private static let insertDependency = RowInsert(
        "INSERT OR IGNORE INTO dependency (prerequisite, job)",
        columns: 2
    )

    func setResult(_ result: String, of job: JobID) throws {
        try query("INSERT OR REPLACE INTO result (job, json) VALUES (?, ?)") { query in
            query.bind(job)
            query.bind(result)
            try query.run()
        }
    }

    // MARK: Tickets

    func insert(_ tickets: [Ticket]) throws {
        try insertRows(Self.insertTickets, tickets) { ticket, query in
            TicketColumns.bind(ticket, to: &query)
        }
    }

    private static let insertTickets = RowInsert(
        "INSERT OR FAIL INTO ticket (\(TicketColumns.list))",
        columns: 7
    )

    func grant(_ numbers: [Int64], at: Timestamp) throws {
        let sql = "UPDATE ticket SET is_granted = 1, since = ? WHERE number IN (?)"
        try change(sql, in: numbers) { $0.bind(at) }
    }

    func deleteTickets(of jobs: [JobID]) throws {
        try change("DELETE FROM ticket WHERE job IN (?)", in: jobs.map(\.number))
    }

    // MARK: Lanes

    func save(_ lanes: [LaneLine]) throws {
        try insertRows(Self.saveLanes, lanes) { lane, query in
            query.bind(lane.name)
            query.bind(lane.slots)
            query.bind(lane.closedUntil)
            query.bind(lane.reason)
            query.bind(lane.slotsBy)
            query.bind(lane.pause.flatMap(CompactJSON.encode))
        }
    }

    private static let saveLanes = RowInsert(
        "INSERT OR REPLACE INTO lane (name, slots, closed_until, reason, slots_by, pause)",
        columns: 6
    )
}
