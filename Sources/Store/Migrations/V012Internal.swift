extension Migration {
    /// Jobs that keep house are found without looking at others, so that lists can leave them out.
    ///
    /// Other jobs are not in the index and cost nothing.
    static let housekeeping = Migration(
        version: 12,
        statements: [
            """
            CREATE INDEX job_internal ON job (state)
                WHERE kind IN ('host.scan', 'inventory.sync') AND attention IS NULL
                    AND (schedule IS NOT NULL OR parent_id IS NOT NULL)
            """
        ]
    )
}
