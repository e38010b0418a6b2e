import Model

extension SQLiteTransaction {
    func append(_ lines: [LogLine]) throws {
        guard !lines.isEmpty else { return }
        var sequence = try take(lines.count, from: "log")
        var added: [JobID: Int] = [:]
        try insertRows(Self.insertLog, lines) { line, query in
            query.bind(line.job)
            query.bind(sequence)
            query.bind(line.at)
            query.bind(line.level.code)
            query.bindMasked(line.text)
            sequence += 1
            added[line.job, default: 0] += 1
        }
        let sizes = added.sorted { $0.key < $1.key }
        for (job, size) in try addToSizes(sizes.map { ($0.key, $0.value, 0) })
        where size.kept > StoreLimits.logLinesPerJob {
            try trimLog(of: job, kept: size.kept)
        }
    }

    private static let insertLog = RowInsert(
        "INSERT OR FAIL INTO log (job, sequence, at, level, text)",
        columns: 5
    )
    private static let insertSize = RowInsert(
        "INSERT INTO log_size (job, kept, dropped)",
        columns: 3,
        returning: """
             ON CONFLICT (job) DO UPDATE
            SET kept = kept + excluded.kept, dropped = dropped + excluded.dropped
            RETURNING job, kept, dropped
            """
    )

    private typealias Size = (kept: Int, dropped: Int)

    /// Changes what is known of the sizes of logs; returns what they are now.
    private func addToSizes(
        _ changes: [(job: JobID, kept: Int, dropped: Int)]
    ) throws -> [JobID: Size] {
        var sizes: [JobID: Size] = [:]
        try insertRows(Self.insertSize, changes) { change, query in
            query.bind(change.job)
            query.bind(change.kept)
            query.bind(change.dropped)
        } read: { query in
            let job = query.readJob()
            sizes[job] = (query.readInt(), query.readInt())
        }
        return sizes
    }

    private func addToSize(of job: JobID, kept: Int, dropped: Int) throws -> Size {
        try addToSizes([(job, kept, dropped)])[job] ?? (kept, dropped)
    }

    /// Removes the oldest lines, some more than needed so that it is not done for every line, and
    /// puts one in their place that says how many went.
    private func trimLog(of job: JobID, kept: Int) throws {
        let limit = StoreLimits.logLinesPerJob
        let surplus = kept - (limit - limit / 10) + 1
        let boundary = try query(
            "SELECT sequence, at FROM log WHERE job = ? ORDER BY sequence LIMIT 1 OFFSET ?"
        ) { query in
            query.bind(job)
            query.bind(surplus - 1)
            return try query.step() ? (query.readInt64(), query.readTime()) : nil
        }
        guard let (sequence, at) = boundary else { return }
        try query("DELETE FROM log WHERE job = ? AND sequence <= ?") { query in
            query.bind(job)
            query.bind(sequence)
            try query.run()
        }
        // One of the lines that go may be the note about lines that went before.
        let before = try addToSize(of: job, kept: 0, dropped: 0).dropped
        let removed = surplus - (before > 0 ? 1 : 0)
        let size = try addToSize(of: job, kept: 1 - surplus, dropped: removed)
        try query("INSERT INTO log (job, sequence, at, level, text) VALUES (?, ?, ?, ?, ?)") {
            query in
            query.bind(job)
            query.bind(sequence)
            query.bind(at)
            query.bind(LogLevel.info.code)
            query.bind(
                "\(size.dropped) older lines are gone: a log keeps the newest \(limit) lines"
            )
            try query.run()
        }
    }
}

extension SQLiteReader {
    func log(
        of id: JobID,
        tree: Bool,
        after sequence: Int64,
        limit: Int
    ) throws -> [LogLine] {
        let place = try place(of: id)
        let sql =
            tree
            ? """
            \(Self.treeMembers(in: place))
            SELECT sequence, job, at, level, text FROM \(place.prefix)log
            WHERE job IN (SELECT id FROM member) AND sequence > ? ORDER BY sequence LIMIT ?
            """
            : """
            SELECT sequence, job, at, level, text FROM \(place.prefix)log
            WHERE job = ? AND sequence > ? ORDER BY sequence LIMIT ?
            """
        return try query(sql) { query in
            query.bind(id)
            query.bind(sequence)
            query.bind(max(0, limit))
            return try Self.readLines(&query)
        }
    }

    /// All jobs of the tree to which the job `?` belongs.
    private static func treeMembers(in place: Place) -> String {
        """
        WITH RECURSIVE member (id) AS (
            SELECT root_id FROM \(place.prefix)job WHERE id = ?
            UNION
            SELECT job.id FROM member JOIN \(place.prefix)job AS job
                INDEXED BY \(place.prefix)job_parent
                ON job.parent_id = member.id AND job.parent_id IS NOT NULL
        )
        """
    }

    /// The newest lines of a job's log, oldest first.
    func newestLines(of id: JobID, in place: Place, limit: Int) throws -> [LogLine] {
        let sql = """
            SELECT sequence, job, at, level, text FROM \(place.prefix)log
            WHERE job = ? ORDER BY sequence DESC LIMIT ?
            """
        return try query(sql) { query in
            query.bind(id)
            query.bind(max(0, limit))
            return try Self.readLines(&query).reversed()
        }
    }

    func logCount(of id: JobID, in place: Place) throws -> Int {
        try query("SELECT kept FROM \(place.prefix)log_size WHERE job = ?") { query in
            query.bind(id)
            return try query.step() ? query.readInt() : 0
        }
    }

    private static func readLines(_ query: inout Query) throws -> [LogLine] {
        var found: [LogLine] = []
        while try query.step() {
            let (sequence, job) = (query.readInt64(), query.readJob())
            let (at, code) = (query.readTime(), query.readInt())
            guard LogLevel.allCases.indices.contains(code) else {
                throw Query.unknown("log level \(code)")
            }
            found.append(
                LogLine(
                    sequence: sequence,
                    job: job,
                    at: at,
                    level: LogLevel.allCases[code],
                    text: query.readText()
                )
            )
        }
        return found
    }
}
