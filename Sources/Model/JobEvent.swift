/// A line of the journal together with the job that it is about.
///
/// Its state is the one after the move; the rest of the job is as it was when the line was read,
/// which may be a little later.
package struct JobEvent: Hashable, Sendable {
    /// The line.
    package var entry: JournalEntry
    /// The job after the move; nil if it has been removed from the store meanwhile.
    package var job: Job?

    /// An event made of a line and of the job as it is stored.
    package init(_ entry: JournalEntry, job: Job?) {
        self.entry = entry
        self.job = job
        self.job?.state = entry.to
    }

    /// Whether the job left a state; otherwise the line tells of a request, or something alike.
    package var isMove: Bool { entry.from != entry.to }

    /// Whether the filter means the job as it was after the move.
    package func fits(_ filter: Filter, at now: Timestamp) -> Bool {
        guard let job else { return filter == .all }
        return filter.matches(job, at: now)
    }
}
