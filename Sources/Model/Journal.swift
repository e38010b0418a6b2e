/// One line of the journal: a move of a job, or something an operator did to it.
///
/// Never changed.
package struct JournalEntry: Hashable, Sendable {
    /// Its place: entries are numbered in the order in which they happened.
    package var sequence: Int64
    /// Whose line it is.
    package var job: JobID
    /// When.
    package var at: Timestamp
    /// The state before; nil when the job was accepted.
    package var from: JobState?
    /// The state after; the same as before for an entry that is no move.
    package var to: JobState
    /// Who caused it: `engine`, or a user's name.
    package var actor: String
    /// What caused it, in words.
    package var cause: String

    /// An entry with all its parts.
    package init(
        sequence: Int64 = 0,
        job: JobID,
        at: Timestamp,
        from: JobState?,
        to: JobState,
        actor: String,
        cause: String
    ) {
        self.sequence = sequence
        self.job = job
        self.at = at
        self.from = from
        self.to = to
        self.actor = actor
        self.cause = cause
    }
}

/// How much a log line matters.
package enum LogLevel: String, CaseIterable, Codable, Sendable, Comparable {
    /// Every detail.
    case debug
    /// The usual course.
    case info
    /// Something to look at.
    case warning
    /// Something went wrong.
    case error

    /// The number that stands for it in the store.
    package var code: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether the left level matters less.
    package static func < (left: LogLevel, right: LogLevel) -> Bool { left.code < right.code }
}

/// A line that somebody has for a job's log.
package struct LogText: Hashable, Codable, Sendable {
    /// How much it matters.
    package var level: LogLevel
    /// What it says: one line, as it is to be kept.
    package var text: String

    /// A line with all its parts.
    package init(_ level: LogLevel, _ text: String) {
        self.level = level
        self.text = text
    }
}

/// One line of a job's log.
package struct LogLine: Hashable, Sendable {
    /// Its place over all jobs.
    package var sequence: Int64
    /// Whose line it is.
    package var job: JobID
    /// When.
    package var at: Timestamp
    /// How much it matters.
    package var level: LogLevel
    /// What happened.
    package var text: String

    /// A line with all its parts.
    package init(sequence: Int64 = 0, job: JobID, at: Timestamp, level: LogLevel, text: String) {
        self.sequence = sequence
        self.job = job
        self.at = at
        self.level = level
        self.text = text
    }
}
