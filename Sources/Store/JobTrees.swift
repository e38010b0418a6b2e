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
                let place: Place = row.readBool() ? .archive : .hot
                if cut.take(root, depth: 0, counts: false) { return true }
                return isOpen
                    ? try branch(under: root, in: place, folded: folded) { id, depth in
                        cut.take(id, depth: depth, counts: false)
                    } : false
            }
            if isDone || cut.isFull { break }
        }
        let total = try query.places.reduce(0) { total, place in
            try total + counts(in: place).total - hiddenCount(folded, in: place)
        }
        let hidden = query.hidesInternal ? try hiddenTrees() : 0
        return Window(rows: cut.rows, total: total - hidden)
    }

    /// Reads what is below a job, depth first, until `body` has enough.
    ///
    /// - Returns: whether `body` has enough.
    private func branch(
        under root: JobID,
        in place: Place,
        folded: String,
        _ body: (JobID, Int) throws -> Bool
    ) throws -> Bool {
        try run(Self.branchSQL(in: place), [.number(root.number), .text(folded)], isUsual: true) {
            row in
            let id = row.readJob()
            return try body(id, row.readInt())
        }
    }

    static func branchSQL(in place: Place) -> String {
        let (table, index) = ("\(place.prefix)job", "\(place.prefix)job_parent")
        return """
            WITH RECURSIVE branch (id, depth) AS (
                SELECT id, 1 FROM \(table) INDEXED BY \(index) WHERE parent_id = ?1
                UNION ALL
                SELECT child.id, branch.depth + 1
                FROM branch JOIN \(table) AS child INDEXED BY \(index)
                    ON child.parent_id = branch.id
                WHERE branch.id NOT IN (SELECT value FROM json_each(?2))
                ORDER BY 2 DESC, 1
            )
            SELECT id, depth FROM branch
            """
    }

    /// How many jobs are left out because they are below folded ones.
    private func hiddenCount(_ folded: String, in place: Place) throws -> Int {
        let child = "\(place.prefix)job AS child INDEXED BY \(place.prefix)job_parent"
        let sql = """
            WITH RECURSIVE hidden (id) AS (
                SELECT child.id FROM json_each(?) AS folded
                    JOIN \(child) ON child.parent_id = folded.value
                UNION
                SELECT child.id FROM hidden JOIN \(child) ON child.parent_id = hidden.id
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
            var missing = Set(open)
            for place in Place.allCases where !missing.isEmpty {
                let sql = "SELECT id, parent_id FROM \(place.prefix)job WHERE id IN (?)"
                try rows(sql, in: missing.map(\.number).sorted()) { row in
                    let id = row.readJob()
                    missing.remove(id)
                    guard let parent = row.readOptionalJob() else {
                        forest.roots.append(id)
                        return
                    }
                    forest.children[parent, default: []].append(id)
                    if known.insert(parent).inserted { next.append(parent) }
                }
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
        let selects = query.places.map { place in
            """
            SELECT \(ListSQL.sortedColumns) FROM \(place.prefix)job
            WHERE id IN (SELECT value FROM json_each(?1))
            """
        }
        let sql = """
            SELECT id FROM (\(selects.joined(separator: " UNION ALL "))) ORDER BY \(order)
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
    func tree(ofRoot root: JobID, in place: Place, limit: Int) throws -> [JobRow] {
        var found = [(id: root, depth: 0)]
        _ = try branch(under: root, in: place, folded: "[]") { id, depth in
            if found.count >= limit { return true }
            found.append((id, depth))
            return false
        }
        return try jobRows(found)
    }
}
