package import Model

/// What the background reader found: one consistent state of the store.
package struct Snapshot: Hashable, Sendable {
    /// When it was read.
    package var now: Timestamp
    /// How many jobs are in each state.
    package var counts = Counts()
    /// How many jobs call for attention and are not acknowledged.
    package var unacknowledged = 0
    /// The engine that owns the store; nil if there never was one.
    package var engine: EngineLine?
    /// Whether that engine runs inside this process.
    package var isOwnEngine = false
    /// How fast jobs end.
    package var throughput = Throughput()
    /// The rows asked for.
    package var page = JobPage()
    /// The question that ``page`` answers.
    package var query: JobQuery
    /// Where the store is.
    package var storePath = ""
    /// The demo's scenario; empty if this is no demo.
    package var scenario = ""
    /// Whether nothing may be changed from this console.
    package var isReadOnly = false
    /// What whoever sits at the console may do; nil if that is not known.
    package var standing: Standing?
    /// Who sits at the console.
    package var user = ""
    /// Whether it is older than it should be, because the store could not be read since.
    package var isStale = false

    /// A state in which there is nothing.
    package init(now: Timestamp, query: JobQuery) {
        self.now = now
        self.query = query
    }
}

/// How fast jobs end.
package struct Throughput: Hashable, Sendable {
    /// Jobs that ended in the last minute.
    package var endedLastMinute: Int
    /// Jobs that end in a second, over the last few.
    package var perSecond: Double

    /// A throughput with all its parts.
    package init(endedLastMinute: Int = 0, perSecond: Double = 0) {
        self.endedLastMinute = endedLastMinute
        self.perSecond = perSecond
    }
}

/// What stopping a job would do, as far as the plan and the store tell.
package struct StopPreview: Hashable, Sendable {
    /// Which job.
    package var job: JobID
    /// The step at work; nil if none is.
    package var step: String?
    /// Whether that step can be interrupted.
    package var isInterruptible: Bool
    /// The names of the steps that will be undone, newest first.
    package var undo: [String]
    /// Unfinished descendants, by state.
    package var children: Counts
    /// What else the operator should know, a sentence each.
    package var warnings: [String]

    /// A preview with all its parts.
    package init(
        job: JobID,
        step: String? = nil,
        isInterruptible: Bool = true,
        undo: [String] = [],
        children: Counts = Counts(),
        warnings: [String] = []
    ) {
        self.job = job
        self.step = step
        self.isInterruptible = isInterruptible
        self.undo = undo
        self.children = children
        self.warnings = warnings
    }
}
