package import Model

/// A job's row as it is stored, or is to be.
///
/// Shared, not copied: a row is wide, and goes from the turn that writes it to the turn that
/// compares with it.
package final class SavedJob: Sendable {
    /// What the row holds.
    package let stored: StoredJob

    /// The row of a job.
    package init(_ stored: StoredJob) { self.stored = stored }
}

/// What a row is compared with before it is changed.
package struct JobStamp: Sendable {
    /// Whose row it is.
    package let id: JobID
    /// The state that is stored.
    package let state: JobState
    /// The fence that is stored.
    package let fence: Int64
    /// The whole row, so that only what differs is written; nil if it is not known.
    package let row: SavedJob?

    /// The stamp of a job of which no more is known.
    package init(_ job: Job) {
        id = job.id
        state = job.state
        fence = job.fence
        row = nil
    }

    /// The stamp of a row as it is stored.
    package init(_ row: SavedJob) {
        id = row.stored.job.id
        state = row.stored.job.state
        fence = row.stored.job.fence
        // A row that cannot be read as a whole is written as a whole.
        self.row = row.stored.extra.damage == nil ? row : nil
    }

    /// The queue it stands in; empty if that is not known, or none.
    package var queue: String { row?.stored.queue ?? "" }
}

extension StoreTransaction {
    /// Inserts new jobs that are not shared with anybody.
    package func insert(_ jobs: [StoredJob], ofStep: Int?) throws {
        try insert(jobs.map(SavedJob.init), ofStep: ofStep)
    }

    /// Saves changed jobs that are not shared with anybody.
    package func update(_ jobs: [(before: JobStamp, after: StoredJob)]) throws {
        try update(jobs.map { ($0.before, SavedJob($0.after)) })
    }
}
