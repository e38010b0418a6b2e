import Model

extension Migration {
    /// The archive's indices, counters and pins; its tables are made by ``ArchiveTables``.
    ///
    /// Nothing here is touched by a job's life before it is moved: the archive costs the engine's
    /// usual work no index and no statement.
    static let archive = Migration(
        version: ArchiveTables.since,
        statements: [
            """
            CREATE TABLE pin (
                job INTEGER PRIMARY KEY,
                root INTEGER NOT NULL,
                by TEXT NOT NULL,
                at INTEGER NOT NULL,
                reason TEXT NOT NULL
            ) STRICT
            """,
            "CREATE INDEX pin_root ON pin (root)",
            """
            CREATE TABLE archived_counter (
                state INTEGER PRIMARY KEY,
                jobs INTEGER NOT NULL CHECK (jobs >= 0)
            ) STRICT
            """,
            "INSERT INTO archived_counter SELECT state, 0 FROM counter",
            // The newest moment of a journal whose lines are gone: a store never goes back in time.
            "INSERT INTO sequence VALUES ('clock', 0)",
        ],
        indices: [
            "CREATE UNIQUE INDEX archived_job_uuid ON archived_job (uuid)",
            "CREATE INDEX archived_job_key ON archived_job (key) WHERE key IS NOT NULL",
            "CREATE INDEX archived_job_state ON archived_job (state)",
            """
            CREATE INDEX archived_job_parent ON archived_job (parent_id)
                WHERE parent_id IS NOT NULL
            """,
            """
            CREATE INDEX archived_job_age ON archived_job (archived_at) WHERE parent_id IS NULL
            """,
            "CREATE INDEX archived_dependency_job ON archived_dependency (job)",
            "CREATE INDEX archived_journal_job ON archived_journal (job)",
        ]
    )
}
