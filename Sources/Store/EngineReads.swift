import Model

extension SQLiteReader {
    func jobs(_ ids: [JobID]) throws -> [StoredJob] {
        var found: [StoredJob] = []
        found.reserveCapacity(ids.count)
        let sql = "SELECT \(JobColumns.stored) FROM job WHERE id IN (?)"
        try rows(sql, in: ids.map(\.number)) { found.append(try JobColumns.decode(&$0)) }
        // What is not among the others is archived, or unknown; the engine seldom asks for either.
        if found.count < ids.count {
            let known = Set(found.map(\.job.id))
            found += try archivedJobs(Set(ids).subtracting(known))
        }
        return found
    }

    func steps(of ids: [JobID]) throws -> [JobID: [StepRecord]] { try steps(of: ids, in: .hot) }

    func archivedSteps(of ids: [JobID]) throws -> [JobID: [StepRecord]] {
        try steps(of: ids, in: .archive)
    }

    func steps(of ids: [JobID], in place: Place) throws -> [JobID: [StepRecord]] {
        var found: [JobID: [StepRecord]] = [:]
        let sql = """
            SELECT \(StepColumns.list) FROM \(place.prefix)step WHERE job IN (?)
            ORDER BY job, number
            """
        try rows(sql, in: ids.map(\.number)) { query in
            let (job, step) = try StepColumns.decode(&query)
            found[job, default: []].append(step)
        }
        return found
    }

    func resolve(_ reference: JobReference) throws -> JobID? {
        for place in Place.allCases {
            let table = place.prefix + "job"
            let found =
                switch reference {
                case .id(let id): try ids("SELECT id FROM \(table) WHERE id = ?") { $0.bind(id) }
                case .uuid(let uuid):
                    try ids("SELECT id FROM \(table) WHERE uuid = ?") { $0.bind(uuid) }
                }
            if let id = found.first { return id }
        }
        return nil
    }

    func job(withKey key: String) throws -> JobID? {
        // A key holds for as long as its job is known, and the newest job counts.
        for place in Place.allCases {
            let sql = "SELECT id FROM \(place.prefix)job WHERE key = ? ORDER BY id DESC LIMIT 1"
            if let id = try ids(sql, { $0.bind(key) }).first { return id }
        }
        return nil
    }

    func jobs(in states: [JobState]) throws -> [JobID] {
        guard !states.isEmpty else { return [] }
        // As constants: SQLite compiles a statement anew when a bound value is one that an index's
        // condition speaks of.
        let codes = Set(states).map(\.code).sorted().map(String.init).joined(separator: ", ")
        let sql = "SELECT id FROM job INDEXED BY job_state WHERE state IN (\(codes))"
        return try ids(sql) { _ in }.sorted()
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

    func heldChildren(of parent: JobID) throws -> [JobID] {
        try ids(EngineSQL.heldChildren) { $0.bind(parent) }
    }

    func unfinishedTargets(limit: Int) throws -> [Target] {
        try query(EngineSQL.unfinishedTargets) { query in
            query.bind(max(0, limit))
            var found: [Target] = []
            while try query.step() {
                let type = query.readText()
                found.append(Target(type: type, name: query.readText()))
            }
            return found
        }
    }

    func dependents(of id: JobID) throws -> [JobID] {
        try ids("SELECT job FROM dependency WHERE prerequisite = ? ORDER BY job") { $0.bind(id) }
    }

    func prerequisites(of id: JobID) throws -> [JobID] {
        let sql = """
            SELECT prerequisite FROM dependency WHERE job = ?1
            UNION ALL SELECT prerequisite FROM archived_dependency WHERE job = ?1 ORDER BY 1
            """
        return try ids(sql) { $0.bind(id) }
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
    static let heldChildren = """
        SELECT id FROM job INDEXED BY job_parent
        WHERE parent_id = ? AND state < \(ended) AND prerequisites > 0 ORDER BY id
        """
    static let unfinishedTargets = """
        SELECT target_type, target_name FROM job INDEXED BY job_state
        WHERE state < \(ended) ORDER BY id LIMIT ?
        """
}
