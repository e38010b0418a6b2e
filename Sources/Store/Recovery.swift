import Model

extension SQLiteReader {
    func awaitingTime() throws -> [JobID] {
        try ids(
            """
            SELECT id FROM job INDEXED BY job_wake
            WHERE wake_at IS NOT NULL AND state < \(JobState.completed.code)
                AND state = \(JobState.pending.code) AND due_at IS NOT NULL
            ORDER BY due_at, id
            """
        ) { _ in }
    }

    func nextLimit() throws -> Timestamp? {
        try query("SELECT min(at) FROM deadline") { query in
            try query.step() ? query.readOptionalTime() : nil
        }
    }

    func limitsDue(at now: Timestamp, limit: Int) throws -> [JobID] {
        let sql = """
            SELECT job FROM deadline INDEXED BY deadline_at WHERE at <= ? ORDER BY at, job LIMIT ?
            """
        return try ids(sql) { query in
            query.bind(now)
            query.bind(max(0, limit))
        }
    }

    func late(of id: JobID) throws -> [LateResult] {
        let sql =
            """
            SELECT at, operation, outcome, text FROM late WHERE job = ?1
            UNION ALL SELECT at, operation, outcome, text FROM archived_late WHERE job = ?1
            ORDER BY at, operation
            """
        return try query(sql) { query in
            query.bind(id)
            var found: [LateResult] = []
            while try query.step() {
                let (at, operation) = (query.readTime(), query.readText())
                let (outcome, text) = (query.readText(), query.readText())
                found.append(
                    LateResult(job: id, at: at, operation: operation, outcome: outcome, text: text)
                )
            }
            return found
        }
    }

    func engineLeft() throws -> Bool {
        try query("SELECT left_at FROM engine ORDER BY epoch DESC LIMIT 1") { query in
            // Of a store without any engine nothing was left behind.
            try query.step() ? query.readOptionalTime() != nil : true
        }
    }
}

extension SQLiteTransaction {
    func setLimit(_ moment: Timestamp?, of job: JobID) throws {
        guard let moment else {
            return try query("DELETE FROM deadline WHERE job = ?") { query in
                query.bind(job)
                try query.run()
            }
        }
        try query("INSERT OR REPLACE INTO deadline (job, at) VALUES (?, ?)") { query in
            query.bind(job)
            query.bind(moment)
            try query.run()
        }
    }

    func append(_ late: [LateResult]) throws {
        for result in late {
            let sql = """
                INSERT OR IGNORE INTO \(try place(of: result.job).prefix)late
                (job, operation, outcome, at, text) VALUES (?, ?, ?, ?, ?)
                """
            try query(sql) { query in
                query.bind(result.job)
                query.bind(result.operation)
                query.bind(result.outcome)
                query.bind(result.at)
                query.bindMasked(result.text)
                try query.run()
            }
        }
    }

    func setProcessStart(_ ticks: Int64, of epoch: Int64) throws {
        try query("UPDATE engine SET process_start = ? WHERE epoch = ?") { query in
            query.bind(ticks)
            query.bind(epoch)
            try query.run()
        }
    }

    func leave(_ epoch: Int64, at now: Timestamp) throws {
        try query("UPDATE engine SET left_at = ? WHERE epoch = ?") { query in
            query.bind(now)
            query.bind(epoch)
            try query.run()
        }
    }
}
