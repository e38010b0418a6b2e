import Model

extension Migration {
    /// Schedules, and what became of their instants.
    ///
    /// Nothing here refers to a row of `job`: schedules stay as they are when their jobs are
    /// removed. That an instant is run once is also a constraint.
    static let schedules = Migration(
        version: 3,
        statements: [
            "ALTER TABLE job ADD COLUMN schedule TEXT",
            """
            CREATE TABLE schedule (
                number INTEGER PRIMARY KEY,
                name TEXT NOT NULL,
                kind TEXT NOT NULL,
                target_type TEXT NOT NULL,
                target_name TEXT NOT NULL,
                parameters TEXT,
                priority INTEGER NOT NULL,
                user TEXT NOT NULL,
                account TEXT NOT NULL,
                cron TEXT,
                every INTEGER,
                anchor INTEGER,
                zone TEXT NOT NULL,
                dst TEXT NOT NULL,
                overlap TEXT NOT NULL,
                missed TEXT NOT NULL,
                is_enabled INTEGER NOT NULL,
                starts_at INTEGER,
                ends_at INTEGER,
                note TEXT NOT NULL,
                revision INTEGER NOT NULL,
                next_at INTEGER,
                last_due INTEGER,
                run_count INTEGER NOT NULL,
                made_count INTEGER NOT NULL,
                skipped_count INTEGER NOT NULL,
                missed_count INTEGER NOT NULL,
                refused_count INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK ((cron IS NULL) <> (every IS NULL)),
                CHECK (is_enabled = 1 OR next_at IS NULL)
            ) STRICT
            """,
            "CREATE UNIQUE INDEX schedule_name ON schedule (name)",
            "CREATE INDEX schedule_next ON schedule (next_at) WHERE next_at IS NOT NULL",
            """
            CREATE TABLE schedule_run (
                schedule INTEGER NOT NULL,
                number INTEGER NOT NULL,
                due INTEGER NOT NULL,
                at INTEGER NOT NULL,
                is_manual INTEGER NOT NULL,
                outcome TEXT NOT NULL,
                job INTEGER,
                ended INTEGER,
                count INTEGER NOT NULL,
                text TEXT NOT NULL,
                PRIMARY KEY (schedule, number),
                CHECK ((job IS NULL) = (outcome <> 'made'))
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE UNIQUE INDEX schedule_run_due ON schedule_run (schedule, due)
                WHERE is_manual = 0
            """,
            """
            CREATE INDEX schedule_run_open ON schedule_run (job)
                WHERE job IS NOT NULL AND ended IS NULL
            """,
            """
            CREATE INDEX schedule_run_unfinished ON schedule_run (schedule, number)
                WHERE outcome = 'waiting' OR (outcome = 'made' AND ended IS NULL)
            """,
            "INSERT INTO sequence VALUES ('schedule', 0)",
        ]
    )
}
