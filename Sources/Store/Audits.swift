import Model

extension SQLiteTransaction {
    func append(_ entries: [AuditEntry]) throws {
        guard !entries.isEmpty else { return }
        var digest = try lastAuditDigest()
        var sequence = try take(entries.count, from: "audit")
        // The digests come first: each is made of the one before it.
        let linked = entries.map { entry in
            var entry = entry
            entry.sequence = sequence
            // Before the digest is made: it is of what is stored.
            entry.reason = SecretMask.masked(entry.reason)
            entry.outcome = SecretMask.masked(entry.outcome)
            entry.digest = AuditChain.digest(of: entry, after: digest)
            (sequence, digest) = (sequence + 1, entry.digest)
            return entry
        }
        try insertRows(Self.insertAudit, linked) { entry, query in
            query.bind(entry.sequence)
            query.bind(entry.at)
            query.bind(entry.user)
            query.bind(entry.action)
            query.bind(entry.subject)
            query.bind(entry.reason)
            query.bind(entry.before)
            query.bind(entry.after)
            query.bind(entry.outcome)
            query.bind(entry.account)
            query.bind(entry.origin)
            query.bind(entry.digest)
        }
    }

    private static let insertAudit = RowInsert(
        """
        INSERT OR FAIL INTO audit (sequence, at, user, action, subject, reason, before, after,
            outcome, account, origin, digest)
        """,
        columns: 12
    )
}

extension SQLiteReader {
    func audit(of subject: String?, after sequence: Int64, limit: Int) throws -> [AuditEntry] {
        let filter = subject == nil ? "" : "subject = ? AND "
        let sql = """
            SELECT sequence, at, user, action, subject, reason, before, after, outcome, account,
                origin, digest
            FROM audit WHERE \(filter)sequence > ? ORDER BY sequence LIMIT ?
            """
        return try query(sql) { query in
            if let subject { query.bind(subject) }
            query.bind(sequence)
            query.bind(max(0, limit))
            var found: [AuditEntry] = []
            while try query.step() { found.append(Self.decodeAudit(&query)) }
            return found
        }
    }

    private static func decodeAudit(_ query: inout Query) -> AuditEntry {
        let (sequence, at) = (query.readInt64(), query.readTime())
        let (user, action, subject) = (query.readText(), query.readText(), query.readText())
        var entry = AuditEntry(
            sequence: sequence,
            at: at,
            user: user,
            action: action,
            subject: subject
        )
        entry.reason = query.readText()
        entry.before = query.readText()
        entry.after = query.readText()
        entry.outcome = query.readText()
        entry.account = query.readText()
        entry.origin = query.readText()
        entry.digest = query.readText()
        return entry
    }
}
