import Model

extension Migration {
    /// Jobs that call for attention, the chain of the audit, and who may do what.
    ///
    /// A job that calls for nobody costs nothing: its column is empty, and it is in no index.
    static let attention = Migration(
        version: 10,
        statements: [
            "ALTER TABLE job ADD COLUMN attention INTEGER CHECK (attention IN (1, 2))",
            "CREATE INDEX job_unacknowledged ON job (id) WHERE attention = 1",
            "ALTER TABLE audit ADD COLUMN account TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE audit ADD COLUMN origin TEXT NOT NULL DEFAULT ''",
            "ALTER TABLE audit ADD COLUMN digest TEXT NOT NULL DEFAULT ''",
            """
            CREATE TABLE audit_anchor (
                sequence INTEGER NOT NULL,
                digest TEXT NOT NULL
            ) STRICT
            """,
            "INSERT INTO audit_anchor SELECT coalesce(max(sequence), 0), '' FROM audit",
            """
            CREATE TABLE role (
                who TEXT PRIMARY KEY,
                role TEXT NOT NULL CHECK (role IN (\(roleWords))),
                accounts TEXT
            ) STRICT, WITHOUT ROWID
            """,
        ]
    )

    private static let roleWords =
        UserRole.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
}
