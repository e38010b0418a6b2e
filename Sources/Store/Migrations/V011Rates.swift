extension Migration {
    /// When jobs began whose kinds have a rate; empty where none is configured.
    static let rates = Migration(
        version: 11,
        statements: [
            """
            CREATE TABLE rate (
                name TEXT PRIMARY KEY,
                begins TEXT NOT NULL
            ) STRICT, WITHOUT ROWID
            """
        ]
    )
}
