import Model

extension SQLiteReader {
    /// All jobs as trees: roots in the order of the list, children from the oldest.
    func treeWindow(_ query: JobQuery, at now: Timestamp) throws -> Window {
        var cut = Cut(query)
        let list = ListSQL(query, at: now, rootsOnly: true, longest: Int.max)
        let folded = Self.json(query.folded)
        for part in list.parts {
            let isDone = try run(part.sql, list.arguments, isUsual: true) { row in
                let root = row.readJob()
                let isOpen = row.readBool() && !query.folded.contains(root)
                if cut.take(root, depth: 0, counts: false) { return true }
                return isOpen
                    ? try branch(under: root, folded: folded) { id, depth in
                        cut.take(id, depth: depth, counts: false)
                    } : false
            }
            if isDone || cut.isFull { break }
        }
        let total = try counts().total - hiddenCount(folded)
        return Window(rows: cut.rows, total: total)
    }

    /// Reads what is below a job, depth first, until `body` has enough.
    ///
    /// - Returns: whether `body` has enough.
    private func branch(
        under root: JobID,
        folded: String,
        _ body: (JobID, Int) throws -> Bool
    ) throws -> Bool {
        try run(Self.branchSQL, [.number(root.number), .text(folded)], isUsual: true) { row in
            let id = row.readJob()
            return try body(id, row.readInt())
        }
    }

    static let branchSQL = """
        WITH RECURSIVE branch (id, depth) AS (
            SELECT id, 1 FROM job INDEXED BY job_parent WHERE parent_id = ?1
            UNION ALL
            SELECT job.id, branch.depth + 1
            FROM branch JOIN job INDEXED BY job_parent ON job.parent_id = branch.id
            WHERE branch.id NOT IN (SELECT value FROM json_each(?2))
            ORDER BY 2 DESC, 1
        )
        SELECT id, depth FROM branch
        """

    /// How many jobs are left out because they are below folded ones.
    private func hiddenCount(_ folded: String) throws -> Int {
        let sql = """
            WITH RECURSIVE hidden (id) AS (
                SELECT job.id FROM json_each(?) AS folded
                    JOIN job INDEXED BY job_parent ON job.parent_id = folded.value
                UNION
                SELECT job.id FROM hidden JOIN job INDEXED BY job_parent
                    ON job.parent_id = hidden.id
            )
            SELECT count(*) FROM hidden
            """
        return try query(sql) { query in
            query.bind(folded)
            return try query.step() ? query.readInt() : 0
        }
    }

    // MARK: With a filter

    /// Jobs that fit, each under its ancestors, whether these fit or not.
    ///
    /// Only the first ``StoreLimits/countedRows`` jobs that fit are looked at.
    func filteredTreeWindow(_ query: JobQuery, at now: Timestamp) throws -> Window {
        var flat = query
        flat.offset = 0
        flat.limit = StoreLimits.countedRows
        var fitting = Cut(flat)
        let list = ListSQL(flat, at: now, longest: fitting.longest)
        for part in list.parts {
            let isDone = try run(part.sql, list.arguments) { row in
                fitting.take(row.readJob(), depth: 0, counts: true)
            }
            if isDone { break }
        }
        let forest = try forest(of: fitting.rows.map(\.id))
        var cut = Cut(query)
        for root in try ordered(forest.roots, as: query, at: now) {
            walk(root, 0, in: forest, folded: query.folded) { id, depth in
                _ = cut.take(id, depth: depth, counts: true)
            }
        }
        return Window(rows: cut.rows, total: fitting.total == nil ? nil : cut.total)
    }

    /// Jobs with all their ancestors.
    private struct Forest {
        var roots: [JobID] = []
        var children: [JobID: [JobID]] = [:]
    }

    private func forest(of ids: [JobID]) throws -> Forest {
        var forest = Forest()
        var known = Set(ids)
        var open = ids
        while !open.isEmpty {
            var next: [JobID] = []
            let sql = "SELECT id, parent_id FROM job WHERE id IN (?)"
            try rows(sql, in: open.map(\.number)) { row in
                let id = row.readJob()
                guard let parent = row.readOptionalJob() else {
                    forest.roots.append(id)
                    return
                }
                forest.children[parent, default: []].append(id)
                if known.insert(parent).inserted { next.append(parent) }
            }
            open = next
        }
        for parent in forest.children.keys { forest.children[parent]?.sort() }
        return forest
    }

    private func walk(
        _ root: JobID,
        _ depth: Int,
        in forest: Forest,
        folded: Set<JobID>,
        _ body: (JobID, Int) -> Void
    ) {
        var open = [(id: root, depth: depth)]
        while let (id, depth) = open.popLast() {
            body(id, depth)
            guard !folded.contains(id), let children = forest.children[id] else { continue }
            open += children.reversed().map { ($0, depth + 1) }
        }
    }

    /// These jobs in the order of a list.
    private func ordered(
        _ ids: [JobID],
        as query: JobQuery,
        at now: Timestamp
    ) throws -> [JobID] {
        let order = ListSQL.orderBy(query) { String(now.milliseconds) }
        let sql = """
            SELECT id FROM job WHERE id IN (SELECT value FROM json_each(?)) ORDER BY \(order)
            """
        var found: [JobID] = []
        _ = try run(sql, [.text(Self.json(Set(ids)))]) { row in
            found.append(row.readJob())
            return false
        }
        return found
    }

    private static func json(_ ids: Set<JobID>) -> String {
        "[" + ids.map { String($0.number) }.sorted().joined(separator: ",") + "]"
    }

    // MARK: One tree

    /// The whole tree of a job from its root; at most `limit` rows.
    func tree(ofRoot root: JobID, limit: Int) throws -> [JobRow] {
        var found = [(id: root, depth: 0)]
        _ = try branch(under: root, folded: "[]") { id, depth in
            if found.count >= limit { return true }
            found.append((id, depth))
            return false
        }
        return try jobRows(found)
    }
}
