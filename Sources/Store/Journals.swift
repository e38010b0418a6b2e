import Model

extension SQLiteTransaction {
    func append(_ entries: [JournalEntry]) throws { try append(entries, in: .hot) }

    func append(_ entries: [JournalEntry], in place: Place) throws {
        guard !entries.isEmpty else { return }
        var sequence = try take(entries.count, from: "journal")
        let insert = place == .hot ? Self.insertHot : Self.insertArchived
        try insertRows(insert, entries) { entry, query in
            query.bind(sequence)
            query.bind(entry.job)
            query.bind(entry.at)
            query.bind(entry.from?.code)
            query.bind(entry.to.code)
            query.bind(entry.actor)
            query.bindMasked(entry.cause)
            sequence += 1
        }
    }

    private static let insertHot = insert(into: .hot)
    private static let insertArchived = insert(into: .archive)

    private static func insert(into place: Place) -> RowInsert {
        RowInsert(
            """
            INSERT OR FAIL INTO \(place.prefix)journal
            (sequence, job, at, from_state, to_state, actor, cause)
            """,
            columns: 7
        )
    }
}

extension SQLiteReader {
    func journal(
        of id: JobID?,
        after sequence: Int64,
        limit: Int
    ) throws -> [JournalEntry] {
        let columns = "sequence, job, at, from_state, to_state, actor, cause"
        let filter = id == nil ? "" : "job = ? AND "
        let place = try id.map(place(of:)) ?? .hot
        let sql = """
            SELECT \(columns) FROM \(place.prefix)journal
            WHERE \(filter)sequence > ? ORDER BY sequence LIMIT ?
            """
        return try query(sql) { query in
            if let id { query.bind(id) }
            query.bind(sequence)
            query.bind(max(0, limit))
            var found: [JournalEntry] = []
            while try query.step() { found.append(try Self.decodeEntry(&query)) }
            return found
        }
    }

    /// The lines of all jobs in one place, oldest first.
    func journal(in place: Place, after sequence: Int64, limit: Int) throws -> [JournalEntry] {
        let sql = """
            SELECT sequence, job, at, from_state, to_state, actor, cause
            FROM \(place.prefix)journal WHERE sequence > ? ORDER BY sequence LIMIT ?
            """
        return try query(sql) { query in
            query.bind(sequence)
            query.bind(max(0, limit))
            var found: [JournalEntry] = []
            while try query.step() { found.append(try Self.decodeEntry(&query)) }
            return found
        }
    }

    /// The newest lines of a job's journal, oldest first.
    func newestEntries(of id: JobID, in place: Place, limit: Int) throws -> [JournalEntry] {
        let sql = """
            SELECT sequence, job, at, from_state, to_state, actor, cause
            FROM \(place.prefix)journal
            WHERE job = ? ORDER BY sequence DESC LIMIT ?
            """
        return try query(sql) { query in
            query.bind(id)
            query.bind(max(0, limit))
            var found: [JournalEntry] = []
            while try query.step() { found.append(try Self.decodeEntry(&query)) }
            return found.reversed()
        }
    }

    private static func decodeEntry(_ query: inout Query) throws -> JournalEntry {
        let sequence = query.readInt64()
        let job = query.readJob()
        let at = query.readTime()
        let from = try query.readOptionalInt().map { code in
            guard let state = JobState(code: code) else { throw Query.unknown("state \(code)") }
            return state
        }
        let to = try query.readState()
        return JournalEntry(
            sequence: sequence,
            job: job,
            at: at,
            from: from,
            to: to,
            actor: query.readText(),
            cause: query.readText()
        )
    }
}
