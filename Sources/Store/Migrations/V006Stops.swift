import Model

extension Migration {
    /// Steps with commit points and saved fields, and the moves that came with them.
    static let stops = Migration(
        version: 6,
        statements: MoveConstraints.statements + ["ALTER TABLE step ADD COLUMN details TEXT"]
    )
}

/// The check of the journal's moves, made anew after ``Model/Move/all`` has changed.
///
/// A journal is never copied for that, however long it is: its check is replaced where SQLite keeps
/// the table's text. That is sound because every line that was legal stays legal, and because what
/// follows in the same migration makes all connections read the schema again. The trigger on jobs
/// stays: it allows what any number of moves can reach, and that is the same as before.
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
    ]

    private static let journalCheck =
        "CHECK (\(MoveMasks.legal(from: "from_state", to: "to_state")))"
}
