extension Migration {
    /// Jobs that equal orders may join, while they have not begun.
    ///
    /// A table of its own rather than a column: it holds only what can be joined now, and jobs of
    /// other kinds have no part in it.
    static let joinable = Migration(
        version: 4,
        statements: [
            """
            CREATE TABLE joinable (
                signature INTEGER NOT NULL,
                job INTEGER NOT NULL,
                PRIMARY KEY (signature, job)
            ) STRICT, WITHOUT ROWID
            """
        ]
    )
}
