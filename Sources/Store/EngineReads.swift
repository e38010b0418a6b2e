import Model

extension SQLiteReader {
    func jobs(_ ids: [JobID]) throws -> [StoredJob] {
        var found: [StoredJob] = []
        found.reserveCapacity(ids.count)
        let sql = "SELECT \(JobColumns.stored) FROM job WHERE id IN (?)"
        try rows(sql, in: ids.map(\.number)) { found.append(try JobColumns.decode(&$0)) }
        return found
    }

    func steps(of ids: [JobID]) throws -> [JobID: [StepRecord]] {
        var found: [JobID: [StepRecord]] = [:]
        let sql = """
            SELECT \(StepColumns.list) FROM step WHERE job IN (?) ORDER BY job, number
            """
        try rows(sql, in: ids.map(\.number)) { query in
            let (job, step) = try StepColumns.decode(&query)
            found[job, default: []].append(step)
        }
        return found
    }

    func resolve(_ reference: JobReference) throws -> JobID? {
        switch reference {
        case .id(let id):
            try query("SELECT id FROM job WHERE id = ?") { query in
                query.bind(id)
                return try query.step() ? query.readJob() : nil
            }
        case .uuid(let uuid):
            try query("SELECT id FROM job WHERE uuid = ?") { query in
                query.bind(uuid)
                return try query.step() ? query.readJob() : nil
            }
        }
    }

    func job(withKey key: String) throws -> JobID? {
        try query("SELECT id FROM job WHERE key = ?") { query in
            query.bind(key)
            return try query.step() ? query.readJob() : nil
        }
    }

    func jobs(in states: [JobState]) throws -> [JobID] {
        var found: [JobID] = []
        for state in Set(states) {
            found += try ids("SELECT id FROM job WHERE state = ?") { $0.bind(state.code) }
        }
        return found.sorted()
    }

    func queued(in queue: String, limit: Int) throws -> [JobID] {
        try ids(EngineSQL.queued) { query in
            query.bind(queue)
            query.bind(max(0, limit))
        }
    }

    func queues() throws -> [String: Int] {
        try query(EngineSQL.queues) { query in
            var queues: [String: Int] = [:]
            while try query.step() { queues[query.readText()] = query.readInt() }
            return queues
        }
    }

    func due(at now: Timestamp, limit: Int) throws -> [JobID] {
        try ids(EngineSQL.due) { query in
            query.bind(now)
            query.bind(max(0, limit))
        }
    }

    func nextWake() throws -> Timestamp? {
        try query(EngineSQL.nextWake) { query in
            try query.step() ? query.readOptionalTime() : nil
        }
    }

    func children(of parent: JobID, step: Int) throws -> [JobID] {
        try ids(EngineSQL.children) { query in
            query.bind(parent)
            query.bind(step)
        }
    }

    func unfinishedChildren(of parent: JobID) throws -> [JobID] {
        try ids(EngineSQL.unfinishedChildren) { $0.bind(parent) }
    }

    func dependents(of id: JobID) throws -> [JobID] {
        try ids("SELECT job FROM dependency WHERE prerequisite = ? ORDER BY job") { $0.bind(id) }
    }

    func prerequisites(of id: JobID) throws -> [JobID] {
        try ids("SELECT prerequisite FROM dependency WHERE job = ? ORDER BY prerequisite") {
            $0.bind(id)
        }
    }

    func dependedOn() throws -> [JobID] { try ids(EngineSQL.dependedOn) { _ in } }

    /// The numbers that a statement with one column gives.
    func ids(_ sql: String, _ bind: (inout Query) -> Void) throws -> [JobID] {
        try query(sql) { query in
            bind(&query)
            var found: [JobID] = []
            while try query.step() { found.append(query.readJob()) }
            return found
        }
    }
}

/// Statements of the engine whose plan matters: each names its index, so that a change of the
/// schema that would make one scan fails at once.
enum EngineSQL {
    private static let ended = JobState.completed.code
    private static let isReady =
        "state = \(JobState.queued.code) AND is_planned = 1 AND wake_at IS NULL"

    static let queued = """
        SELECT id FROM job INDEXED BY job_queue WHERE queue = ? AND \(isReady)
        ORDER BY rank, id LIMIT ?
        """
    static let queues = """
        SELECT queue, count(*) FROM job INDEXED BY job_queue
        WHERE \(isReady) AND queue IS NOT NULL GROUP BY queue
        """
    static let due = """
        SELECT id FROM job INDEXED BY job_wake
        WHERE wake_at IS NOT NULL AND wake_at <= ? AND state < \(ended) ORDER BY wake_at, id LIMIT ?
        """
    static let nextWake = """
        SELECT min(wake_at) FROM job INDEXED BY job_wake
        WHERE wake_at IS NOT NULL AND state < \(ended)
        """
    static let children = """
        SELECT id FROM job INDEXED BY job_parent WHERE parent_id = ? AND of_step = ? ORDER BY id
        """
    static let dependedOn = """
        SELECT DISTINCT wanted.id FROM job INDEXED BY job_dependent
        JOIN dependency ON dependency.job = job.id
        JOIN job AS wanted ON wanted.id = dependency.prerequisite
        WHERE job.prerequisites > 0 AND job.state < \(ended) AND wanted.state < \(ended)
        ORDER BY wanted.id
        """
    static let unfinishedChildren = """
        SELECT id FROM job INDEXED BY job_parent
        WHERE parent_id = ? AND state < \(ended) ORDER BY id
        """
}
