import Model

extension SQLiteReader {
    func retries(of ids: [JobID]) throws -> [JobID: JobID] {
        guard let first = ids.min() else { return [:] }
        var found: [JobID: JobID] = [:]
        let wanted = Set(ids)
        // A retry has a higher number than what it tries again.
        for place in Place.allCases {
            let sql = """
                SELECT retry_of, id FROM \(place.prefix)job
                WHERE id > ? AND retry_of IS NOT NULL ORDER BY id
                """
            try query(sql) { query in
                query.bind(first)
                while try query.step() {
                    let old = query.readJob()
                    let new = query.readJob()
                    if wanted.contains(old) { found[old] = max(new, found[old] ?? new) }
                }
            }
        }
        return found
    }
}
