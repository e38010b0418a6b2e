import Model

extension SQLiteReader {
    func journalEnd() throws -> Int64 {
        // Not the newest line: lines can be removed, numbers are never given again.
        try query("SELECT value FROM sequence WHERE name = 'journal'") { query in
            try query.step() ? query.readInt64() : 0
        }
    }
}
