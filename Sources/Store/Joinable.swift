import Model

extension SQLiteReader {
    func joinable(_ signature: Int64) throws -> [JobID] {
        try ids("SELECT job FROM joinable WHERE signature = ? ORDER BY job DESC LIMIT 16") {
            $0.bind(signature)
        }
    }

    func hasUnplanned(after id: JobID, near target: Target) throws -> Bool {
        try query(Self.unplannedSQL) { query in
            query.bind(id)
            query.bind(target.type)
            query.bind(target.name)
            return try query.step()
        }
    }

    private static let unplannedSQL = """
        SELECT 1 FROM request INDEXED BY request_open JOIN job ON job.id = request.submitted
        WHERE request.outcome IS NULL AND request.submitted > ?1
            AND (job.target_type <> ?2 OR job.target_name = ?3)
        LIMIT 1
        """
}

extension SQLiteTransaction {
    func insertJoinable(_ jobs: [(signature: Int64, job: JobID)]) throws {
        try insertRows(Self.insertSQL, jobs) { row, query in
            query.bind(row.signature)
            query.bind(row.job)
        }
    }

    private static let insertSQL = RowInsert(
        "INSERT OR IGNORE INTO joinable (signature, job)",
        columns: 2
    )

    func deleteJoinable(_ jobs: [(signature: Int64, job: JobID)]) throws {
        for row in jobs {
            try query("DELETE FROM joinable WHERE signature = ? AND job = ?") { query in
                query.bind(row.signature)
                query.bind(row.job)
                try query.run()
            }
        }
    }
}
