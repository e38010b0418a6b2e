import Model

extension Migration {
    /// Queues with ranks, limits that count across lanes, pauses, and counters of roots.
    ///
    /// A queue is a lane with what divides it, so that the next job of each part is found by the
    /// index alone. Older jobs get the rank that they would have got: a minute a priority.
    static let lanes = Migration(
        version: 5,
        statements: [
            "ALTER TABLE job ADD COLUMN queue TEXT",
            "ALTER TABLE job ADD COLUMN rank INTEGER",
            """
            UPDATE job SET rank = created_at - 60000 * max(-1000, min(1000, priority)),
                queue = lane || CASE WHEN started_at IS NULL AND parent_id IS NULL
                    THEN '' ELSE '|+' END
            WHERE state = \(JobState.queued.code) AND lane <> ''
            """,
            "DROP INDEX job_queue",
            """
            CREATE INDEX job_queue ON job (queue, rank, id)
                WHERE state = \(JobState.queued.code) AND is_planned = 1 AND wake_at IS NULL
            """,
            "ALTER TABLE step ADD COLUMN slots INTEGER",
            "ALTER TABLE step ADD COLUMN limits TEXT",
            "ALTER TABLE step ADD COLUMN taken INTEGER",
            "ALTER TABLE step ADD COLUMN held TEXT",
            "ALTER TABLE lane ADD COLUMN slots_by TEXT",
            "ALTER TABLE lane ADD COLUMN pause TEXT",
            """
            CREATE INDEX lane_held ON lane (name)
                WHERE pause IS NOT NULL OR closed_until IS NOT NULL
            """,
            """
            CREATE TABLE drain (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                pause TEXT NOT NULL
            ) STRICT
            """,
            "ALTER TABLE counter ADD COLUMN roots INTEGER NOT NULL DEFAULT 0",
            """
            UPDATE counter SET roots =
                (SELECT count(*) FROM job WHERE job.state = counter.state AND parent_id IS NULL)
            """,
        ]
    )
}
