/// Why a job is kept for longer than retention would.
package struct Pin: Hashable, Codable, Sendable {
    /// Who pinned it.
    package var by: String
    /// When.
    package var at: Timestamp
    /// Why, in the words of whoever pinned it.
    package var reason: String

    /// A pin with all its parts.
    package init(by: String, at: Timestamp, reason: String) {
        self.by = by
        self.at = at
        self.reason = reason
    }
}

/// How long jobs that have ended are kept, and how many of them.
///
/// Only trees that have ended as a whole are ever moved or removed, and none that is pinned or for
/// which an unfinished job waits. How the root ended decides about its tree.
package struct Retention: Hashable, Sendable {
    /// Milliseconds from the end of a root to its move to the archive, by how it ended; a state
    /// that is left out is never moved for its age.
    package var ages: [JobState: Int64]
    /// Milliseconds from the move to the archive to the removal from there; nil for ever.
    package var archiveAge: Int64?
    /// How many ended jobs stay out of the archive; beyond that the oldest go earlier.
    package var maxJobs: Int
    /// How many jobs the archive holds; beyond that the oldest are removed earlier.
    package var maxArchived: Int

    /// Rules with all their parts.
    package init(ages: [JobState: Int64], archiveAge: Int64?, maxJobs: Int, maxArchived: Int) {
        self.ages = ages
        self.archiveAge = archiveAge
        self.maxJobs = maxJobs
        self.maxArchived = maxArchived
    }

    /// A day for what was completed, a week for what went wrong, then 90 days in the archive; at
    /// most a million ended jobs, and ten million in the archive.
    package static let standard = Retention(
        ages: [.completed: day, .warning: 7 * day, .failed: 7 * day, .aborted: 7 * day],
        archiveAge: 90 * day,
        maxJobs: 1_000_000,
        maxArchived: 10_000_000
    )

    private static let day: Int64 = 86_400_000
}

/// How many jobs a sweep moved to the archive or removed from it, or would.
package struct SweepCount: Hashable, Sendable {
    /// How many jobs were moved, by the state in which they ended; each with its whole tree.
    package var moved = Counts()
    /// How many archived jobs were removed.
    package var removed = 0

    /// Nothing.
    package init() {}
}

/// What the archive holds.
package struct ArchiveLine: Hashable, Sendable {
    /// How many archived jobs there are in each state.
    package var counts: Counts
    /// How many jobs are pinned, archived or not.
    package var pinned: Int
    /// When the job was archived that is there longest; nil if there is none.
    package var oldest: Timestamp?

    /// A line with all its parts.
    package init(counts: Counts, pinned: Int, oldest: Timestamp?) {
        self.counts = counts
        self.pinned = pinned
        self.oldest = oldest
    }
}
