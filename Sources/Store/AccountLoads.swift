import Model

extension SQLiteReader {
    func openRoots(of account: String) throws -> Int {
        let transaction = self as? SQLiteTransaction
        if let known = transaction?.openOfAccounts[account] { return known }
        let sql = """
            SELECT count(*) FROM job INDEXED BY job_state
            WHERE state < \(JobState.completed.code) AND parent_id IS NULL AND account = ?
            """
        let count = try query(sql) { query in
            query.bind(account)
            return try query.step() ? query.readInt() : 0
        }
        transaction?.openOfAccounts[account] = count
        return count
    }

    func accountLoads() throws -> [String: AccountLoad] {
        let sql = """
            SELECT account, count(*), count(started_at) FROM job INDEXED BY job_state
            WHERE state < \(JobState.completed.code) AND parent_id IS NULL GROUP BY account
            """
        return try query(sql) { query in
            var loads: [String: AccountLoad] = [:]
            while try query.step() {
                let account = query.readText()
                let open = query.readInt()
                loads[account] = AccountLoad(open: open, running: query.readInt())
            }
            return loads
        }
    }
}
