package import Model

/// What was read of the journal to find jobs that have ended.
package struct EndedLines: Hashable, Sendable {
    /// One job that ended.
    package struct Line: Hashable, Sendable {
        /// Its line's place in the journal.
        package var sequence: Int64
        /// The job.
        package var job: JobID
        /// When it ended.
        package var at: Timestamp
    }

    /// The jobs that ended in one of the states asked for, in the order in which they did.
    package var lines: [Line] = []
    /// The last line that was read; the one asked for if there was none.
    package var last: Int64
    /// Whether the journal ends there.
    package var isEnd: Bool
}

/// A tree of jobs that has ended.
package struct EndedTree: Hashable, Sendable {
    /// Its root.
    package var root: JobID
    /// All of its jobs, the root among them, with the state in which each ended.
    package var members: [JobID: JobState]

    /// A tree with its root and all of its jobs.
    package init(root: JobID, members: [JobID: JobState] = [:]) {
        self.root = root
        self.members = members
    }
}

extension SQLiteReader {
    func ended(
        after sequence: Int64,
        in states: Set<JobState>,
        until moment: Timestamp,
        window: Int
    ) throws -> EndedLines {
        let sql = """
            SELECT sequence, job, at, from_state, to_state FROM journal
            WHERE sequence > ? ORDER BY sequence LIMIT ?
            """
        return try query(sql) { query in
            query.bind(sequence)
            query.bind(window)
            var found = EndedLines(last: sequence, isEnd: true)
            var count = 0
            while try query.step() {
                count += 1
                found.last = query.readInt64()
                let (job, at) = (query.readJob(), query.readTime())
                let (from, to) = (query.readOptionalInt(), query.readInt())
                guard let state = JobState(code: to), states.contains(state), from != to else {
                    continue
                }
                found.lines.append(.init(sequence: found.last, job: job, at: at))
                guard at <= moment else {
                    found.isEnd = false
                    return found
                }
            }
            found.isEnd = count < window
            return found
        }
    }

    func endedTrees(of jobs: [JobID]) throws -> [EndedTree] {
        var trees: [JobID: EndedTree] = [:]
        let list = Self.list(jobs)
        var unfinished: Set<JobID> = []
        try query(Self.treesSQL) { query in
            query.bind(list)
            while try query.step() {
                let (root, id, state) = (query.readJob(), query.readJob(), try query.readState())
                trees[root, default: EndedTree(root: root)].members[id] = state
                if !state.isTerminal { unfinished.insert(root) }
            }
        }
        let rootOf = trees.values.reduce(into: [JobID: JobID]()) { map, tree in
            for id in tree.members.keys { map[id] = tree.root }
        }
        for root in unfinished { trees[root] = nil }
        for id in try heldBack(Array(rootOf.keys)) { trees[rootOf[id] ?? id] = nil }
        return jobs.compactMap { trees[$0] }
    }

    /// Those of these jobs that are pinned, or for which an unfinished job waits.
    private func heldBack(_ jobs: [JobID]) throws -> [JobID] {
        let list = Self.list(jobs)
        let pinned = "SELECT job FROM pin WHERE job IN (SELECT value FROM json_each(?))"
        let wanted = """
            SELECT DISTINCT dependency.prerequisite FROM dependency
                JOIN job ON job.id = dependency.job
            WHERE dependency.prerequisite IN (SELECT value FROM json_each(?))
                AND job.state < \(JobState.completed.code)
            """
        return try ids(pinned) { $0.bind(list) } + ids(wanted) { $0.bind(list) }
    }

    /// Those of the jobs that are roots, each with its whole tree.
    private static let treesSQL = """
        WITH RECURSIVE member (root, id, state) AS (
            SELECT id, id, state FROM job
            WHERE id IN (SELECT value FROM json_each(?)) AND parent_id IS NULL
            UNION ALL
            SELECT member.root, child.id, child.state
            FROM member JOIN job AS child INDEXED BY job_parent ON child.parent_id = member.id
        )
        SELECT root, id, state FROM member
        """

    func archivedRoots(before moment: Timestamp?, limit: Int) throws -> [JobID] {
        let sql = """
            SELECT id FROM archived_job INDEXED BY archived_job_age
            WHERE parent_id IS NULL AND archived_at <= ?
                AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.root = archived_job.id)
            ORDER BY archived_at, id LIMIT ?
            """
        return try ids(sql) { query in
            query.bind(moment?.milliseconds ?? .max)
            query.bind(max(0, limit))
        }
    }

    func archive() throws -> ArchiveLine {
        let first = """
            SELECT archived_at FROM archived_job INDEXED BY archived_job_age
            WHERE parent_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.root = archived_job.id)
            ORDER BY archived_at LIMIT 1
            """
        return ArchiveLine(
            counts: try counts(in: .archive),
            pinned: try query("SELECT count(*) FROM pin") { query in
                try query.step() ? query.readInt() : 0
            },
            oldest: try query(first) { query in
                try query.step() ? query.readOptionalTime() : nil
            }
        )
    }

    /// Where the rows of a job are; among the others if it is unknown.
    func place(of id: JobID) throws -> Place {
        let isHot = try !ids("SELECT id FROM job WHERE id = ?") { $0.bind(id) }.isEmpty
        if isHot { return .hot }
        return try ids("SELECT id FROM archived_job WHERE id = ?") { $0.bind(id) }.isEmpty
            ? .hot : .archive
    }

    func archivedJobs(_ ids: Set<JobID>) throws -> [StoredJob] {
        var found: [StoredJob] = []
        let sql = "SELECT \(JobColumns.stored), archived_at FROM archived_job WHERE id IN (?)"
        try rows(sql, in: ids.map(\.number).sorted()) { query in
            var stored = try JobColumns.decode(&query)
            stored.job.archivedAt = query.readTime()
            found.append(stored)
        }
        return found
    }

    static func list(_ ids: some Swift.Sequence<JobID>) -> String {
        "[" + ids.map { String($0.number) }.joined(separator: ",") + "]"
    }
}
