package import Model

/// What can be asked of the store about schedules.
package protocol ScheduleReader {
    /// All schedules, by name.
    func schedules() throws -> [StoredSchedule]
    /// The schedule of that name; nil if there is none.
    func schedule(named name: String) throws -> StoredSchedule?
    /// The schedules with these numbers; unknown ones are left out.
    func schedules(_ numbers: [Int64]) throws -> [StoredSchedule]
    /// Schedules that are due at or before `now`, earliest first; at most `limit`.
    func dueSchedules(at now: Timestamp, limit: Int) throws -> [StoredSchedule]
    /// The earliest moment at which some schedule is due; nil if none is.
    func nextSchedule() throws -> Timestamp?
    /// The newest runs of a schedule, newest first.
    func runs(ofSchedule number: Int64, limit: Int) throws -> [ScheduleRun]
    /// Runs of these schedules that wait or whose job has not ended, oldest first.
    func unfinishedRuns(ofSchedules numbers: [Int64]) throws -> [Int64: [ScheduleRun]]
    /// The numbers of schedules of which some run waits.
    func waitingSchedules() throws -> [Int64]
    /// The runs that made these jobs and have not been told of their end: job to schedule.
    func schedules(ofOpenJobs jobs: [JobID]) throws -> [JobID: Int64]
}

/// What can be written about schedules in one transaction.
package protocol ScheduleWriter {
    /// The number of a new schedule.
    func takeScheduleNumber() throws -> Int64
    /// Inserts schedules, or replaces those with the same numbers; their last runs are left alone.
    ///
    /// - Throws: ``StoreError``; with code `refused` if another schedule has the same name.
    func save(_ schedules: [StoredSchedule]) throws
    /// Takes the next instants of schedules away and leaves the rest as it is, readable or not.
    func haltSchedules(_ numbers: [Int64]) throws
    /// Removes schedules with their runs; their jobs stay.
    func removeSchedules(_ numbers: [Int64]) throws
    /// Inserts runs, or replaces those with the same numbers. Of ended runs the oldest go: each
    /// schedule keeps ``StoreLimits/runsPerSchedule`` of them.
    ///
    /// - Throws: ``StoreError``; with code `refused` if the clock made a run for that instant
    ///   before.
    func save(_ runs: [(schedule: Int64, run: ScheduleRun)]) throws
}
