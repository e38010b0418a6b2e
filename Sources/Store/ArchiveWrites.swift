import GRDB
import Model

extension SQLiteTransaction {
    func archive(_ trees: [EndedTree], at now: Timestamp) throws {
        let members = trees.flatMap(\.members)
        guard !members.isEmpty else { return }
        let list = Self.list(members.map(\.key))
        try maintaining("jobs are moved to the archive") {
            for (name, key) in ArchiveTables.all {
                let columns = try ArchiveTables.columns(of: name, in: database)
                let (more, value) = name == "job" ? (", archived_at", ", ?2") : ("", "")
                let mine = "WHERE \(key) IN (SELECT value FROM json_each(?1))"
                let copy = """
                    INSERT OR FAIL INTO archived_\(name) (\(columns)\(more))
                    SELECT \(columns)\(value) FROM \(name) \(mine)
                    """
                try query(copy) { query in
                    query.bind(list)
                    if name == "job" { query.bind(now) }
                    try query.run()
                }
                try delete(from: name, mine, list)
            }
        }
        var counts = Counts()
        for (_, state) in members {
            counts[state] += 1
            countChanges[state.code] -= 1
        }
        for tree in trees {
            if let state = tree.members[tree.root] { rootChanges[state.code] -= 1 }
        }
        try addToArchive(counts, sign: 1)
    }

    func expunge(_ roots: [JobID]) throws -> Int {
        var counts = Counts()
        var members: [JobID] = []
        let sql = """
            WITH RECURSIVE member (id, state) AS (
                SELECT id, state FROM archived_job
                WHERE id IN (SELECT value FROM json_each(?))
                UNION ALL
                SELECT child.id, child.state
                FROM member JOIN archived_job AS child INDEXED BY archived_job_parent
                    ON child.parent_id = member.id
            )
            SELECT id, state FROM member
            """
        try query(sql) { query in
            query.bind(Self.list(roots))
            while try query.step() {
                members.append(query.readJob())
                counts[try query.readState()] += 1
            }
        }
        let list = Self.list(members)
        // The journal's newest moment outlives its lines.
        if let latest = try latest() { try keepClock(latest) }
        for (name, key) in ArchiveTables.all {
            let mine = "WHERE \(key) IN (SELECT value FROM json_each(?1))"
            try delete(from: "archived_" + name, mine, list)
        }
        for table in ["pin", "late"] {
            try delete(from: table, "WHERE job IN (SELECT value FROM json_each(?1))", list)
        }
        try addToArchive(counts, sign: -1)
        return members.count
    }

    func appendToArchive(_ entries: [JournalEntry]) throws {
        try append(entries, in: .archive)
    }

    func pin(_ job: JobID, root: JobID, _ pin: Pin) throws {
        let sql = "INSERT OR REPLACE INTO pin (job, root, by, at, reason) VALUES (?, ?, ?, ?, ?)"
        try query(sql) { query in
            query.bind(job)
            query.bind(root)
            query.bind(pin.by)
            query.bind(pin.at)
            query.bind(pin.reason)
            try query.run()
        }
    }

    func unpin(_ job: JobID) throws -> Bool {
        try query("DELETE FROM pin WHERE job = ?") { query in
            query.bind(job)
            return try query.run() > 0
        }
    }

    // MARK: Parts

    private func delete(from table: String, _ condition: String, _ list: String) throws {
        try query("DELETE FROM \(table) \(condition)") { query in
            query.bind(list)
            try query.run()
        }
    }

    /// Marks the transaction as one that may take lines out of the journal.
    private func maintaining(_ reason: String, _ body: () throws -> Void) throws {
        try query("INSERT INTO maintenance (reason) VALUES (?)") { query in
            query.bind(reason)
            try query.run()
        }
        try body()
        try query("DELETE FROM maintenance") { query in _ = try query.run() }
    }

    private func addToArchive(_ counts: Counts, sign: Int) throws {
        for state in JobState.allCases where counts[state] > 0 {
            try query("UPDATE archived_counter SET jobs = jobs + ? WHERE state = ?") { query in
                query.bind(sign * counts[state])
                query.bind(state.code)
                try query.run()
            }
        }
    }

    private func keepClock(_ latest: Timestamp) throws {
        try query("UPDATE sequence SET value = max(value, ?) WHERE name = 'clock'") { query in
            query.bind(latest)
            try query.run()
        }
    }
}
