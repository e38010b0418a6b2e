import Model

/// What became of a check of the audit's chain.
package struct AuditFindings: Hashable, Sendable {
    /// How many lines were looked at.
    package var lines = 0
    /// The number of the newest line; 0 if there is none.
    package var last: Int64 = 0
    /// The newest line's digest: whoever keeps it elsewhere can tell later whether all before it
    /// is as it was.
    package var digest = ""
    /// What is wrong, a sentence each; at most 20.
    package var problems: [String] = []

    mutating func note(_ problem: String) {
        if problems.count < 20 { problems.append(problem) }
    }
}

/// The chain that binds the audit's lines: each digest is made of the line and of the digest before
/// it, so that a line that was changed, added or removed afterwards does not fit.
enum AuditChain {
    /// Where the chain begins: behind the newest line that has no place in it, or was let go.
    struct Anchor {
        var sequence: Int64
        var digest: String
    }

    static func digest(of entry: AuditEntry, after digest: String) -> String {
        let fields = [
            digest, String(entry.sequence), String(entry.at.milliseconds), entry.user,
            entry.account, entry.origin, entry.action, entry.subject, entry.reason, entry.before,
            entry.after, entry.outcome,
        ]
        // With lengths before them, no two lists of fields give the same text.
        return SHA256.hex(fields.map { "\($0.utf8.count):\($0)" }.joined().utf8)
    }
}

extension SQLiteReader {
    func auditAnchor() throws -> AuditChain.Anchor {
        try query("SELECT sequence, digest FROM audit_anchor") { query in
            guard try query.step() else { return AuditChain.Anchor(sequence: 0, digest: "") }
            return AuditChain.Anchor(sequence: query.readInt64(), digest: query.readText())
        }
    }

    func verifyAudit(expecting known: (sequence: Int64, digest: String)?) throws -> AuditFindings {
        var findings = AuditFindings()
        let anchor = try auditAnchor()
        var place = anchor.sequence
        var digest = anchor.digest
        if let known, known.sequence <= anchor.sequence {
            findings.note("line \(known.sequence) is older than what is kept of the audit")
        }
        while true {
            let part = try audit(of: nil, after: place, limit: 500)
            for entry in part {
                if entry.sequence != place + 1 {
                    findings.note(Self.missing(from: place + 1, to: entry.sequence - 1))
                } else if entry.digest != AuditChain.digest(of: entry, after: digest) {
                    findings.note("line \(entry.sequence) is not as it was written")
                }
                if let known, known.sequence == entry.sequence, known.digest != entry.digest {
                    findings.note("line \(entry.sequence) has another digest than it had")
                }
                (place, digest) = (entry.sequence, entry.digest)
                findings.lines += 1
            }
            if part.isEmpty { break }
        }
        let end = try query("SELECT value FROM sequence WHERE name = 'audit'") { query in
            try query.step() ? query.readInt64() : 0
        }
        if end > place { findings.note(Self.missing(from: place + 1, to: end)) }
        if let known, known.sequence > max(place, end) {
            findings.note("there is no line \(known.sequence); the newest is \(place)")
        }
        (findings.last, findings.digest) = (place, digest)
        return findings
    }

    private static func missing(from first: Int64, to last: Int64) -> String {
        first >= last ? "line \(first) is missing" : "lines \(first) to \(last) are missing"
    }
}

extension SQLiteTransaction {
    func lastAuditDigest() throws -> String {
        let sql = "SELECT digest FROM audit ORDER BY sequence DESC LIMIT 1"
        let found = try query(sql) { try $0.step() ? $0.readText() : nil }
        let anchor = try auditAnchor()
        // A line without a digest is older than the chain.
        guard let found, !found.isEmpty else { return anchor.digest }
        return found
    }

    func trimAudit(before moment: Timestamp) throws -> Int {
        // Only whole beginnings go, so that what is left is a chain from the new anchor on.
        let sql = """
            SELECT sequence, digest FROM audit WHERE sequence <
                coalesce((SELECT min(sequence) FROM audit WHERE at >= ?), 9223372036854775807)
            ORDER BY sequence DESC LIMIT 1
            """
        let newest = try query(sql) { query -> AuditChain.Anchor? in
            query.bind(moment)
            guard try query.step() else { return nil }
            return AuditChain.Anchor(sequence: query.readInt64(), digest: query.readText())
        }
        guard let newest else { return 0 }
        try query("INSERT INTO maintenance (reason) VALUES ('old lines of the audit')") {
            _ = try $0.run()
        }
        let count = try query("DELETE FROM audit WHERE sequence <= ?") { query in
            query.bind(newest.sequence)
            return try query.run()
        }
        try query("DELETE FROM maintenance") { _ = try $0.run() }
        try query("UPDATE audit_anchor SET sequence = ?, digest = ?") { query in
            query.bind(newest.sequence)
            query.bind(newest.digest)
            try query.run()
        }
        return count
    }
}
