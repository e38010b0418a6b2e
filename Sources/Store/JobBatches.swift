import Model

extension SQLiteReader {
    func jobs(
        _ query: JobQuery,
        after id: JobID,
        at now: Timestamp
    ) throws -> [Job] {
        var query = query
        query.filter = .and([query.filter, .number(.id, .greater, id.number)])
        query.order = .oldest
        query.isReversed = false
        query.isTree = false
        if query.filter.asksForArchive { query.includesArchive = true }
        let list = ListSQL(query, at: now, longest: query.limit)
        var found: [(id: JobID, depth: Int)] = []
        for part in list.parts {
            _ = try run(part.sql + " LIMIT \(max(0, query.limit))", list.arguments) { row in
                found.append((row.readJob(), 0))
                return false
            }
        }
        return try jobRows(found).map(\.job)
    }
}
