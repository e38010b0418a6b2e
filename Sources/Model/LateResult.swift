/// What the backend said of an operation after its job had ended or had gone on without it.
///
/// The first terminal write wins: a late result changes nothing, but it is kept and shown.
package struct LateResult: Hashable, Sendable {
    /// The job.
    package var job: JobID
    /// When it came.
    package var at: Timestamp
    /// The backend's name of the operation.
    package var operation: String
    /// `done`, `failed` or `interrupted`.
    package var outcome: String
    /// What else was said: the error, or what the operation gave back.
    package var text: String

    /// A late result with all its parts.
    package init(job: JobID, at: Timestamp, operation: String, outcome: String, text: String) {
        self.job = job
        self.at = at
        self.operation = operation
        self.outcome = outcome
        self.text = text
    }
}
