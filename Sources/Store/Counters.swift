import Model

extension SQLiteTransaction {
    /// Adds the changes so far to the counters.
    func saveCounts() throws {
        let sql = "UPDATE counter SET jobs = jobs + ?, roots = roots + ? WHERE state = ?"
        for code in countChanges.indices where countChanges[code] != 0 || rootChanges[code] != 0 {
            try query(sql) { query in
                query.bind(countChanges[code])
                query.bind(rootChanges[code])
                query.bind(code)
                try query.run()
            }
            countChanges[code] = 0
            rootChanges[code] = 0
        }
    }

    /// Counts a job that came into a state (1) or left it (-1).
    func count(_ row: SavedJob, in state: JobState, _ change: Int) {
        countChanges[state.code] += change
        guard row.stored.job.parentID == nil else { return }
        rootChanges[state.code] += change
        if !openOfAccounts.isEmpty && !state.isTerminal {
            openOfAccounts[row.stored.job.account]? += change
        }
    }
}

extension SQLiteReader {
    func counts() throws -> Counts {
        // What was changed in this very transaction counts, too.
        try (self as? SQLiteTransaction)?.saveCounts()
        return try counts("SELECT state, jobs FROM counter")
    }

    /// The jobs in each state in one place, from the counters kept there.
    func counts(in place: Place) throws -> Counts {
        place == .hot ? try counts() : try counts("SELECT state, jobs FROM archived_counter")
    }

    func recount() throws -> Counts {
        try counts("SELECT state, count(*) FROM job GROUP BY state")
    }

    func counts(_ sql: String) throws -> Counts {
        try query(sql) { query in
            var counts = Counts()
            while try query.step() {
                let state = try query.readState()
                counts[state] = query.readInt()
            }
            return counts
        }
    }
}
