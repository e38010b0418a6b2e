/// Bounds that the store keeps.
package enum StoreLimits {
    /// Lines of log kept per job.
    package static let logLinesPerJob = 2000
    /// Rows counted for a list's total before counting is cut off.
    package static let countedRows = 20_000
    /// Jobs named beside one job as those it comes after, and as many that come after it.
    package static let links = 200
    /// Lines of the journal, and rows of the tree, in the details of one job.
    package static let detailRows = 2000
    /// Runs kept per schedule, beside those that wait or whose jobs have not ended.
    package static let runsPerSchedule = 100
    /// Schedules in a store.
    package static let schedules = 10_000
    /// Jobs in a chain of who waits for whom.
    package static let chain = 16
    /// Operators' requests whose outcome is kept for whoever asked.
    package static let keptRequests = 10_000
}
