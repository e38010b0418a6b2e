/// What became of one due instant of a schedule, or of several that were missed together.
package struct ScheduleRun: Hashable, Sendable {
    /// What became of it.
    package enum Outcome: String, CaseIterable, Codable, Sendable {
        /// A job was made.
        case made
        /// It waits for an earlier job of the schedule to end.
        case waiting
        /// It was left out, because an earlier job had not ended.
        case skipped
        /// It was left out, because its moment had passed.
        case missed
        /// There can be no such job; the text says why.
        case refused
        /// It waited, and gave way to a newer one.
        case replaced
    }

    /// Its number within the schedule, counted from 1.
    package var number: Int64
    /// The instant; of several missed ones the oldest.
    package var due: Timestamp
    /// When this was written.
    package var at: Timestamp
    /// Whether an operator asked for it, and not the clock.
    package var isManual: Bool = false
    /// What became of it.
    package var outcome: Outcome
    /// The job that was made.
    package var job: JobID?
    /// How that job ended; nil if it has not.
    package var ended: JobState?
    /// How many instants this stands for.
    package var count: Int = 1
    /// Why, in a sentence; may be empty.
    package var text: String = ""

    /// A run with what it has at least.
    package init(number: Int64, due: Timestamp, at: Timestamp, outcome: Outcome) {
        self.number = number
        self.due = due
        self.at = at
        self.outcome = outcome
    }
}

/// Where a schedule stands.
package struct ScheduleState: Hashable, Sendable {
    /// Tells it from a removed one of the same name.
    package var number: Int64
    /// Grows with every edit.
    package var revision: Int64 = 1
    /// When it is due next; nil if never, or if it is disabled.
    package var nextAt: Timestamp?
    /// The newest instant that the clock brought; none is run a second time, whatever becomes of
    /// the clock.
    package var lastDue: Timestamp?
    /// How many runs were recorded.
    package var runs: Int64 = 0
    /// How many jobs were made.
    package var made: Int64 = 0
    /// How many instants were left out because a job had not ended.
    package var skipped: Int64 = 0
    /// How many instants were left out because their moment had passed.
    package var missed: Int64 = 0
    /// How many instants were refused by the kind.
    package var refused: Int64 = 0
    /// Who made it, and when.
    package var createdAt: Timestamp
    /// When it was edited last.
    package var updatedAt: Timestamp
    /// The newest run; nil if there was none.
    package var lastRun: ScheduleRun?
    /// What of its row makes no sense, so that it is not run; nil if all does.
    package var damage: String?

    /// The state of a new schedule.
    package init(number: Int64, nextAt: Timestamp?, at now: Timestamp) {
        self.number = number
        self.nextAt = nextAt
        createdAt = now
        updatedAt = now
    }
}

/// A schedule as it is stored.
package struct StoredSchedule: Hashable, Sendable {
    /// What it is.
    package var schedule: Schedule
    /// Where it stands.
    package var state: ScheduleState

    /// A schedule with its state.
    package init(_ schedule: Schedule, _ state: ScheduleState) {
        self.schedule = schedule
        self.state = state
    }
}
