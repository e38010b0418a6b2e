package import Model

extension StoreReader {
    /// Journal lines behind `sequence` with their jobs, oldest first; at most `limit`.
    package func events(after sequence: Int64, limit: Int) throws -> [JobEvent] {
        let entries = try wholeJournal(after: sequence, limit: limit)
        let ids = Set(entries.map(\.job)).sorted()
        let jobs = Dictionary(try shownJobs(ids).map { ($0.id, $0) }) { first, _ in first }
        return entries.map { JobEvent($0, job: jobs[$0.job]) }
    }
}

extension SQLiteReader {
    func wholeJournal(after sequence: Int64, limit: Int) throws -> [JournalEntry] {
        let places = try Place.allCases.map { place in
            try journal(in: place, after: sequence, limit: limit)
        }
        // Hardly ever is anything of the archive so new.
        guard places.filter({ !$0.isEmpty }).count > 1 else { return places.flatMap(\.self) }
        let merged = places.flatMap(\.self).sorted { $0.sequence < $1.sequence }
        return Array(merged.prefix(max(0, limit)))
    }

    func shownJobs(_ ids: [JobID]) throws -> [Job] {
        try jobRows(ids.map { ($0, 0) }).map(\.job)
    }

    func journalEnd() throws -> Int64 {
        // Not the newest line: lines can be removed, numbers are never given again.
        try query("SELECT value FROM sequence WHERE name = 'journal'") { query in
            try query.step() ? query.readInt64() : 0
        }
    }

    func journalPlace(before moment: Timestamp) throws -> Int64 {
        // Numbers and moments grow together, but for clocks of different processes that disagree
        // a little: so the search ends a little earlier, and what is too old there is passed over.
        var low: Int64 = 0
        var high = try journalEnd()
        while low < high {
            let middle = low + (high - low) / 2
            if let at = try firstMoment(after: middle), at < moment + (-Self.clockSlack) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        while true {
            let part = try wholeJournal(after: low, limit: 256)
            if let first = part.firstIndex(where: { $0.at >= moment }) {
                return part[first].sequence - 1
            }
            guard let last = part.last else { return max(low, try journalEnd()) }
            low = last.sequence
        }
    }

    /// Milliseconds by which a line may be older than one before it.
    private static let clockSlack: Int64 = 10_000

    private func firstMoment(after sequence: Int64) throws -> Timestamp? {
        try wholeJournal(after: sequence, limit: 1).first?.at
    }

    func unacknowledged(limit: Int) throws -> Int {
        let sql = """
            SELECT count(*) FROM (
                SELECT 1 FROM job INDEXED BY job_unacknowledged WHERE attention = 1 LIMIT ?)
            """
        return try query(sql) { query in
            query.bind(max(0, limit))
            return try query.step() ? query.readInt() : 0
        }
    }
}

extension SQLiteReader {
    func unacknowledged(below id: JobID) throws -> [JobID] {
        // By way of the parents: whatever calls for attention is rare, and trees may be large.
        let sql = """
            WITH RECURSIVE above (job, ancestor, depth) AS (
                SELECT id, parent_id, 1 FROM job INDEXED BY job_unacknowledged
                WHERE attention = 1 AND parent_id IS NOT NULL
                    AND root_id = (SELECT root_id FROM job WHERE id = ?1)
                UNION ALL
                SELECT above.job, job.parent_id, depth + 1 FROM above
                JOIN job ON job.id = above.ancestor
                WHERE above.ancestor <> ?1 AND depth < 64
            )
            SELECT job FROM above WHERE ancestor = ?1 ORDER BY job
            """
        return try ids(sql) { $0.bind(id) }
    }
}
