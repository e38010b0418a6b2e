extension Migration {
    /// Jobs that call for attention, and who may do what.
    ///
    /// A job that calls for nobody costs nothing: its column is empty, and it is in no index.
    static let attention = Migration(
        version: 10,
        statements: [
            "ALTER TABLE job ADD COLUMN attention INTEGER CHECK (attention IN (1, 2))",
            "CREATE INDEX job_unacknowledged ON job (id) WHERE attention = 1",
        ]
    )
}
