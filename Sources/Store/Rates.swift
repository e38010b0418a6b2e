extension SQLiteReader {
    func rates() throws -> [String: String] {
        try query("SELECT name, begins FROM rate") { query in
            var found: [String: String] = [:]
            while try query.step() {
                let name = query.readText()
                found[name] = query.readText()
            }
            return found
        }
    }
}

extension SQLiteTransaction {
    func save(rates: [(name: String, begins: String)], forgetting gone: [String]) throws {
        for rate in rates {
            try query("INSERT OR REPLACE INTO rate (name, begins) VALUES (?, ?)") { query in
                query.bind(rate.name)
                query.bind(rate.begins)
                try query.run()
            }
        }
        for name in gone {
            try query("DELETE FROM rate WHERE name = ?") { query in
                query.bind(name)
                try query.run()
            }
        }
    }
}
