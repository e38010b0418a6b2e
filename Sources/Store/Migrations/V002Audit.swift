extension Migration {
    /// The audit: who asked for what, and what came of it.
    static let audit = Migration(
        version: 2,
        statements: [
            """
            CREATE TABLE audit (
                sequence INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                user TEXT NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                reason TEXT NOT NULL,
                before TEXT NOT NULL,
                after TEXT NOT NULL,
                outcome TEXT NOT NULL
            ) STRICT
            """,
            "CREATE INDEX audit_subject ON audit (subject)",
            """
            CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
            BEGIN
                SELECT RAISE(FAIL, 'the audit is never changed');
            END
            """,
            """
            CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit
            WHEN NOT EXISTS (SELECT 1 FROM maintenance)
            BEGIN
                SELECT RAISE(FAIL, 'the audit is never changed');
            END
            """,
            "INSERT INTO sequence VALUES ('audit', 0)",
        ]
    )
}
