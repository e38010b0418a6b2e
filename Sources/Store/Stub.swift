import Model
extension SQLiteReader {
    package func page(_ query: JobQuery, at now: Timestamp) throws -> JobPage { JobPage() }
    package func detail(_ id: JobID, logLimit: Int) throws -> JobDetail? { nil }
    package func locks(limit: Int) throws -> [LockLine] { [] }
}
