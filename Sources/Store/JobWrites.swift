import Model

extension SQLiteTransaction {
    func insert(_ jobs: [StoredJob], ofStep: Int?) throws {
        try insertRows(
            "INSERT OR FAIL INTO job (\(JobColumns.stored))",
            columns: JobColumns.all.count,
            jobs
        ) { stored, query in
            JobColumns.bind(stored, ofStep: ofStep, to: &query)
        }
        for stored in jobs {
            count(stored.job, in: stored.job.state, 1)
            if let result = stored.job.result { try setResult(result, of: stored.job.id) }
        }
    }

    func update(_ jobs: [(before: JobStamp, after: StoredJob)]) throws {
        try query(Self.updateSQL) { query in
            for (before, after) in jobs {
                JobColumns.bindMoving(after, to: &query)
                query.bind(after.job.id)
                query.bind(before.state.code)
                query.bind(before.fence)
                guard try query.run() == 1 else { throw Self.conflict(before) }
                count(after.job, in: before.state, -1)
                count(after.job, in: after.job.state, 1)
            }
        }
        for (_, after) in jobs {
            if let result = after.job.result { try setResult(result, of: after.job.id) }
        }
    }

    static let updateSQL: String = {
        let changes = (JobColumns.shown + JobColumns.inner).map { "\($0) = ?" }
        return "UPDATE OR FAIL job SET \(changes.joined(separator: ", "))"
            + " WHERE id = ? AND state = ? AND fence = ?"
    }()

    private static func conflict(_ before: JobStamp) -> StoreError {
        StoreError(
            .conflict,
            action: "change \(before.id)",
            detail: "it is no longer \(before.state.rawValue) under fence \(before.fence)"
        )
    }

    func save(_ steps: [(job: JobID, step: StepRecord)]) throws {
        try insertRows(
            "INSERT OR REPLACE INTO step (\(StepColumns.list))",
            columns: StepColumns.all.count,
            steps
        ) { row, query in
            StepColumns.bind(row.step, of: row.job, to: &query)
        }
    }

    func trimSteps(of job: JobID, to count: Int) throws {
        try query("DELETE FROM step WHERE job = ? AND number >= ?") { query in
            query.bind(job)
            query.bind(count)
            try query.run()
        }
    }

    func insertDependencies(of job: JobID, on prerequisites: [JobID]) throws {
        try insertRows(
            "INSERT OR IGNORE INTO dependency (prerequisite, job)",
            columns: 2,
            prerequisites
        ) { prerequisite, query in
            query.bind(prerequisite)
            query.bind(job)
        }
    }

    func setResult(_ result: String, of job: JobID) throws {
        try query("INSERT OR REPLACE INTO result (job, json) VALUES (?, ?)") { query in
            query.bind(job)
            query.bind(result)
            try query.run()
        }
    }

    // MARK: Tickets

    func insert(_ tickets: [Ticket]) throws {
        try insertRows(
            "INSERT OR FAIL INTO ticket (\(TicketColumns.list))",
            columns: 7,
            tickets
        ) { ticket, query in
            TicketColumns.bind(ticket, to: &query)
        }
    }

    func grant(_ numbers: [Int64], at: Timestamp) throws {
        let sql = "UPDATE ticket SET is_granted = 1, since = ? WHERE number IN (?)"
        try change(sql, in: numbers) { $0.bind(at) }
    }

    func deleteTickets(of jobs: [JobID]) throws {
        try change("DELETE FROM ticket WHERE job IN (?)", in: jobs.map(\.number))
    }

    // MARK: Lanes

    func save(_ lanes: [LaneLine]) throws {
        try insertRows(
            "INSERT OR REPLACE INTO lane (name, slots, closed_until, reason, slots_by, pause)",
            columns: 6,
            lanes
        ) { lane, query in
            query.bind(lane.name)
            query.bind(lane.slots)
            query.bind(lane.closedUntil)
            query.bind(lane.reason)
            query.bind(lane.slotsBy)
            query.bind(lane.pause.flatMap(CompactJSON.encode))
        }
    }
}
