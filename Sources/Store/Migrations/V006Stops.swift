import Model

extension Migration {
    /// Steps with commit points and saved fields, and the moves that came with them.
    static let stops = Migration(
        version: 6,
        statements: MoveConstraints.statements + ["ALTER TABLE step ADD COLUMN details TEXT"]
    )
}

/// The constraints that are made from ``Model/Move/all``, made anew after it has changed.
///
/// A journal is never copied for that, however long it is: its check is replaced where SQLite keeps
/// the table's text. That is sound because every line that was legal stays legal, and because what
/// follows in the same migration makes all connections read the schema again.
enum MoveConstraints {
    static let statements = [
        "PRAGMA writable_schema = ON",
        """
        UPDATE sqlite_schema
        SET sql = substr(sql, 1, instr(sql, 'CHECK (') - 1) || '\(journalCheck)' || char(10)
            || ') STRICT'
        WHERE type = 'table' AND name = 'journal'
        """,
        "PRAGMA writable_schema = RESET",
        "DROP TRIGGER job_moves",
        """
        CREATE TRIGGER job_moves BEFORE UPDATE OF state ON job
        WHEN OLD.state <> NEW.state
            AND NOT (\(MoveMasks.reachable(from: "OLD.state", to: "NEW.state")))
        BEGIN
            SELECT RAISE(FAIL, 'a job cannot reach that state from where it is');
        END
        """,
    ]

    private static let journalCheck =
        "CHECK (\(MoveMasks.legal(from: "from_state", to: "to_state")))"
}
