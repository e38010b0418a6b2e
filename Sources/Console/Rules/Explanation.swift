import Model

/// Why a job does what it does, in a line.
enum Explanation {
    /// What it waits for, what it does, or how it ended.
    static func of(_ job: Job, at now: Timestamp) -> String {
        if let waiting = job.waiting, !job.state.isTerminal {
            return waiting.text + " (" + Span.short(now - waiting.since) + ")"
        }
        if let stop = job.stop, job.state == .cancelling {
            return "\(stop.level.rawValue) asked by \(stop.by)" + (job.message.isEmpty ? "" : "; " + job.message)
        }
        return job.message
    }
}
