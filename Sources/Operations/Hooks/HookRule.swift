package import Model

/// What is to be done when something happens to a job, as the configuration says.
package struct HookRule: Hashable, Sendable {
    /// Its name, under which its course is kept.
    package var name: String
    /// The states whose reaching counts; empty for all.
    package var states: Set<JobState> = []
    /// Patterns of kinds that count, such as `vm.*`; empty for all.
    package var kinds: [String] = []
    /// What the job must fit when it has reached the state.
    package var filter = Filter.all
    /// The script that is run; nil for none.
    package var program: String?
    /// Whether the bell of open consoles rings.
    package var rings = false
    /// Milliseconds that one run may take.
    package var timeout: Int64 = 30_000
    /// How often a run that fails is tried.
    package var attempts = 3

    /// A rule that fits every move and does nothing.
    package init(_ name: String) { self.name = name }

    /// Whether a line of the journal is one that counts, apart from what must be known of its job.
    package func mayMatch(_ entry: JournalEntry) -> Bool {
        entry.from != entry.to && (states.isEmpty || states.contains(entry.to))
    }

    /// Whether a line of the journal counts; the job is looked at as in the state it reached.
    package func matches(_ entry: JournalEntry, _ job: Job) -> Bool {
        guard mayMatch(entry) else { return false }
        guard kinds.isEmpty || kinds.contains(where: { TextPattern.fits(job.kind, $0) }) else {
            return false
        }
        var then = job
        then.state = entry.to
        return filter.matches(then, at: entry.at)
    }
}

/// How far a hook has come.
package struct HookCourse: Hashable, Codable, Sendable {
    /// The last line of the journal that it is done with.
    package var cursor: Int64
    /// How many events it has delivered.
    package var delivered = 0
    /// How many events it could not deliver.
    package var failed = 0
    /// The last that went wrong; nil if nothing did.
    package var lastError: String?
    /// Which event that was.
    package var lastErrorAt: Int64?

    /// A course that begins behind a line of the journal.
    package init(after cursor: Int64) { self.cursor = cursor }
}
