import Model

extension SQLiteReader {
    func preview(_ retention: Retention, at now: Timestamp) throws -> SweepCount {
        var count = SweepCount()
        var taken: Set<JobID> = []
        for (state, age) in retention.ages.sorted(by: { $0.key.code < $1.key.code }) {
            let due = try endedRoots(in: [state], before: now.milliseconds - age)
            add(try movable(due, atMost: .max), to: &count, &taken)
        }
        let hot = try counts()
        let surplus = hot.total - hot.unfinished - count.moved.total - retention.maxJobs
        if surplus > 0 {
            let states = Set(JobState.allCases.filter(\.isTerminal))
            let rest = try endedRoots(in: states, before: .max).filter { !taken.contains($0) }
            add(try movable(rest, atMost: surplus), to: &count, &taken)
        }
        let archived = try counts(in: .archive).total + count.moved.total
        count.removed = max(try removable(retention, at: now), archived - retention.maxArchived)
        return count
    }

    private func add(_ trees: [EndedTree], to count: inout SweepCount, _ taken: inout Set<JobID>) {
        for tree in trees {
            taken.insert(tree.root)
            for state in tree.members.values { count.moved[state] += 1 }
        }
    }

    private func endedRoots(in states: Set<JobState>, before end: Int64) throws -> [JobID] {
        let codes = states.map(\.code).sorted().map(String.init).joined(separator: ", ")
        let sql = """
            SELECT id FROM job INDEXED BY job_state
            WHERE state IN (\(codes)) AND parent_id IS NULL AND finished_at <= ?
            ORDER BY finished_at, id
            """
        return try ids(sql) { $0.bind(end) }
    }

    private func movable(_ roots: [JobID], atMost bound: Int) throws -> [EndedTree] {
        var found: [EndedTree] = []
        var size = 0
        for start in stride(from: 0, to: roots.count, by: 500) where size < bound {
            let part = Array(roots[start..<min(start + 500, roots.count)])
            for tree in try endedTrees(of: part) where size < bound {
                found.append(tree)
                size += tree.members.count
            }
        }
        return found
    }

    private func removable(_ retention: Retention, at now: Timestamp) throws -> Int {
        let end = retention.archiveAge.map { now.milliseconds - $0 } ?? .min
        let sql = """
            WITH RECURSIVE member (id) AS (
                SELECT id FROM archived_job INDEXED BY archived_job_age
                WHERE parent_id IS NULL AND archived_at <= ?
                    AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.root = archived_job.id)
                UNION ALL
                SELECT child.id
                FROM member JOIN archived_job AS child INDEXED BY archived_job_parent
                    ON child.parent_id = member.id
            )
            SELECT count(*) FROM member
            """
        return try query(sql) { query in
            query.bind(end)
            return try query.step() ? query.readInt() : 0
        }
    }
}
