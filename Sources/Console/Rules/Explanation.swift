import Model

/// Why a job does what it does, in a line that does not name the job.
enum Explanation {
    /// What it waits for, what it does, or how it ended.
    static func of(_ job: Job, at now: Timestamp, hasEngine: Bool) -> String {
        let line = JobWhy.line(job, engineAlive: hasEngine, now: now)
        let parts = line.split(separator: ": ", maxSplits: 1)
        let text = parts.count == 2 ? String(parts[1]) : line
        // How much is done stands beside it already.
        let known = "\(job.progress) % is done; "
        return text.hasPrefix(known) ? String(text.dropFirst(known.count)) : text
    }
}
