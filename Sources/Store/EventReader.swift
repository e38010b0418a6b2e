package import Model

/// What can be asked about events, who has seen them, and who may do what.
package protocol EventReader {
    /// The journal of all jobs after `sequence`, those in the archive too; oldest first.
    func wholeJournal(after sequence: Int64, limit: Int) throws -> [JournalEntry]
    /// The number of the newest line that the journal ever had; 0 if it had none.
    func journalEnd() throws -> Int64
    /// The number behind which the journal's lines of `moment` and later begin.
    func journalPlace(before moment: Timestamp) throws -> Int64
    /// The jobs with these numbers and their results, as people see them.
    func shownJobs(_ ids: [JobID]) throws -> [Job]
    /// The jobs below this one in its tree that call for attention and are not acknowledged.
    func unacknowledged(below id: JobID) throws -> [JobID]
    /// How many jobs call for attention that nobody has acknowledged; counted up to `limit`.
    func unacknowledged(limit: Int) throws -> Int
    /// The audit after `sequence`, of one subject (`job-5948`) or of all; oldest first.
    func audit(of subject: String?, after sequence: Int64, limit: Int) throws -> [AuditEntry]
    /// Whether the audit is as it was written, from the oldest line that is kept; `expecting` is a
    /// line whose digest somebody has kept elsewhere.
    func verifyAudit(expecting: (sequence: Int64, digest: String)?) throws -> AuditFindings
    /// Who may do what, in the order of their names.
    func roleLines() throws -> [RoleLine]
}
