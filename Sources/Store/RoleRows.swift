import Model

extension SQLiteReader {
    func roleLines() throws -> [RoleLine] {
        try query("SELECT who, role, accounts FROM role ORDER BY who") { query in
            var found: [RoleLine] = []
            while try query.step() {
                let (who, role) = (query.readText(), query.readText())
                guard let known = UserRole(rawValue: role) else { throw Query.unknown(role) }
                let accounts: [String]? = try CompactJSON.decode(query.readOptionalText())
                found.append(RoleLine(who, known, accounts: accounts))
            }
            return found
        }
    }
}

extension SQLiteTransaction {
    func replaceRoles(_ lines: [RoleLine]) throws {
        try query("DELETE FROM role") { _ = try $0.run() }
        for line in lines {
            try query("INSERT INTO role (who, role, accounts) VALUES (?, ?, ?)") { query in
                query.bind(line.who)
                query.bind(line.role.rawValue)
                let accounts: String? = line.accounts.flatMap { CompactJSON.encode($0) }
                query.bind(accounts)
                try query.run()
            }
        }
    }
}
