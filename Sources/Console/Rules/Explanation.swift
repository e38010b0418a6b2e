import Model

/// Why a job does what it does, in a line that does not name the job.
enum Explanation {
    /// What it waits for, what it does, or how it ended.
    static func of(_ job: Job, at now: Timestamp, hasEngine: Bool) -> String {
        let line = JobWhy.line(job, engineAlive: hasEngine, now: now)
        let parts = line.split(separator: ": ", maxSplits: 1)
        return parts.count == 2 ? String(parts[1]) : line
    }
}
