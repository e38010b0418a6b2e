import Model

/// Jobs that lists leave out: they keep house, and call for nobody.
///
/// Only jobs that are not archived are left out, and only where some are: a store without any reads
/// its lists as if there were no such thing.
extension SQLiteReader {
    /// The condition on `job`, word by word as in the index.
    static let hiddenCondition = """
        kind IN ('host.scan', 'inventory.sync') AND attention IS NULL \
        AND (schedule IS NOT NULL OR parent_id IS NOT NULL)
        """

    /// Takes the wish to leave jobs out back where there are none, or where they are asked for.
    func withoutNeedlessHiding(_ query: JobQuery) throws -> JobQuery {
        guard query.hidesInternal else { return query }
        var query = query
        query.hidesInternal =
            try !query.includesArchive && !query.filter.asksForInternal && hasHidden()
        return query
    }

    private func hasHidden() throws -> Bool {
        let sql = """
            SELECT 1 FROM job INDEXED BY job_internal WHERE \(Self.hiddenCondition) LIMIT 1
            """
        return try query(sql) { try $0.step() }
    }

    /// How many jobs are left out, by their states.
    func hiddenCounts() throws -> Counts {
        try counts(
            """
            SELECT state, count(*) FROM job INDEXED BY job_internal
            WHERE \(Self.hiddenCondition) GROUP BY state
            """
        )
    }

    /// How many jobs that a filter selects are left out.
    func hiddenCount(_ filter: Filter, at now: Timestamp) throws -> Int {
        if let states = filter.asStates {
            let counts = try hiddenCounts()
            return states.reduce(0) { $0 + counts[$1] }
        }
        let condition = FilterSQL(filter, at: now)
        let sql = """
            SELECT count(*) FROM job INDEXED BY job_internal
            WHERE \(Self.hiddenCondition) AND \(condition.condition)
            """
        var count = 0
        _ = try run(sql, condition.arguments) { row in
            count = row.readInt()
            return true
        }
        return count
    }

    /// How many jobs are left out of a tree: hidden roots, and all below them.
    func hiddenTrees() throws -> Int {
        let sql = """
            WITH RECURSIVE hidden (id) AS (
                SELECT id FROM job INDEXED BY job_internal
                WHERE \(Self.hiddenCondition) AND parent_id IS NULL
                UNION
                SELECT child.id FROM hidden
                JOIN job AS child INDEXED BY job_parent ON child.parent_id = hidden.id
            )
            SELECT count(*) FROM hidden
            """
        return try query(sql) { query in try query.step() ? query.readInt() : 0 }
    }
}
