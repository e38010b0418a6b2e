/// The audit for scripts.
package enum AuditJSON {
    /// One line.
    package static func object(_ entry: AuditEntry) -> JSONValue {
        .object(of: [
            "sequence": JSONValue(entry.sequence),
            "at": JSONValue(entry.at),
            "user": JSONValue(entry.user),
            "account": JSONValue(entry.account.isEmpty ? nil : entry.account),
            "origin": JSONValue(entry.origin.isEmpty ? nil : entry.origin),
            "action": JSONValue(entry.action),
            "subject": JSONValue(entry.subject),
            "reason": JSONValue(entry.reason),
            "before": JSONValue(entry.before),
            "after": JSONValue(entry.after),
            "outcome": JSONValue(entry.outcome),
            "digest": JSONValue(entry.digest),
        ])
    }
}
