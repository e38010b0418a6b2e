extension Migration {
    /// Recovery: limits of time, late results, and how an engine left the store.
    static let recovery = Migration(
        version: 7,
        statements: [
            "ALTER TABLE step ADD COLUMN time_limit INTEGER",
            // Only jobs with limits have a row here: the others cost nothing.
            """
            CREATE TABLE deadline (
                job INTEGER PRIMARY KEY,
                at INTEGER NOT NULL
            ) STRICT
            """,
            "CREATE INDEX deadline_at ON deadline (at, job)",
            """
            CREATE TABLE late (
                job INTEGER NOT NULL,
                operation TEXT NOT NULL,
                outcome TEXT NOT NULL,
                at INTEGER NOT NULL,
                text TEXT NOT NULL,
                PRIMARY KEY (job, operation, outcome)
            ) STRICT, WITHOUT ROWID
            """,
            "ALTER TABLE engine ADD COLUMN left_at INTEGER",
            "ALTER TABLE engine ADD COLUMN process_start INTEGER",
        ]
    )
}
