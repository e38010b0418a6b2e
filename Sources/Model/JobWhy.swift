/// Why a job is not running, or what it is doing, in one line.
package enum JobWhy {
    /// The line for a job: `job-12 is queued: waits for a slot in lane host/kvm-a01 (for 3m)`.
    ///
    /// `engineAlive` says whether an engine is alive on the store; nothing moves without one.
    package static func line(_ job: Job, engineAlive: Bool, now: Timestamp) -> String {
        let head = "\(job.id) \(verb(job.state)): "
        if job.state.isTerminal { return head + end(of: job) }
        guard engineAlive else {
            return head + "no engine is alive on this store; it goes on when one comes"
        }
        return head + course(of: job, now)
    }

    private static func verb(_ state: JobState) -> String {
        switch state {
        case .needsOperator: "needs an operator"
        case .completed: "completed"
        case .warning: "ended with a warning"
        case .failed: "failed"
        case .aborted: "was aborted"
        default: "is " + state.word.lowercased()
        }
    }

    private static func course(of job: Job, _ now: Timestamp) -> String {
        switch job.state {
        case .pending, .queued:
            waiting(job, now) ?? "the engine has not looked at it yet" + since(job.createdAt, now)
        case .running: waiting(job, now) ?? work(job, "its step is at work") + quiet(job, now)
        case .childQueued: "waits for its children (\(job.childCount)); none is active"
        case .childRunning: "waits for its children (\(job.childCount)); \(job.progress) % is done"
        case .finishing:
            waiting(job, now) ?? work(job, "its end action is at work") + quiet(job, now)
        case .cancelling: stopping(job, now)
        case .rollingBack: rollingBack(job, now)
        case .needsOperator: decision(job, now)
        case .lost: lost(job, now)
        case .completed, .warning, .failed, .aborted: end(of: job)
        }
    }

    /// What it waits for and since when; nil if it does not wait.
    private static func waiting(_ job: Job, _ now: Timestamp) -> String? {
        guard let waiting = job.waiting else { return nil }
        return trimmed(waiting.text) + since(waiting.since, now)
    }

    private static func since(_ moment: Timestamp, _ now: Timestamp) -> String {
        // Whole minutes: a line that changes each second costs a slow terminal more than it tells.
        let span = now - moment
        return span < 60_000 ? "" : " (for \(Span.coarse(span)))"
    }

    /// When the next rung comes, if an interrupt or a question is out.
    private static func left(_ job: Job, _ now: Timestamp) -> String {
        guard let wakes = job.wakesAt, wakes > now, let reason = job.waiting?.reason else {
            return ""
        }
        // Steps of five seconds: the line is not to change with every one.
        let span = (wakes - now + 4999) / 5000 * 5000
        switch reason {
        case .interrupt:
            return "; \(Span.short(span)) left to answer it"
                + (job.state == .rollingBack ? ", then an operator decides" : "")
        case .backend: return "; again within \(Span.short(span))"
        default: return ""
        }
    }

    private static func work(_ job: Job, _ fallback: String) -> String {
        "\(job.progress) % is done; " + (job.message.isEmpty ? fallback : job.message)
    }

    private static func quiet(_ job: Job, _ now: Timestamp) -> String {
        let quiet = now - job.updatedAt
        return quiet < 60_000 ? "" : " (no news for \(Span.coarse(quiet)))"
    }

    private static func stopping(_ job: Job, _ now: Timestamp) -> String {
        guard let stop = job.stop else { return "a stop was asked" + quiet(job, now) }
        let usual =
            switch stop.level {
            case .cancel: "it takes effect when the step at work has ended"
            case .abort: "the step at work is being interrupted"
            case .abandon: "the backend is no longer waited for"
            }
        let effect = job.waiting.map { trimmed($0.text) + left(job, now) } ?? usual
        return "\(stop.by) asked for \(stop.level.rawValue); \(effect)" + since(stop.at, now)
    }

    private static func rollingBack(_ job: Job, _ now: Timestamp) -> String {
        let reason = job.stop.map { "\($0.by) asked for \($0.level.rawValue)" } ?? reason(job)
        return "its steps are undone, newest first, because \(reason)"
            + (job.waiting.map { "; " + trimmed($0.text) + left(job, now) } ?? "")
            + quiet(job, now)
    }

    private static func decision(_ job: Job, _ now: Timestamp) -> String {
        let on = job.waiting.map(\.on) ?? ""
        let matter = on.isEmpty ? job.message : on
        let text = matter.isEmpty ? "an undo failed" : matter
        return text + "; choose retry, skip or giveUp"
            + since(job.waiting?.since ?? job.updatedAt, now)
    }

    private static func lost(_ job: Job, _ now: Timestamp) -> String {
        let known = job.waiting.map(\.on) ?? ""
        return "what became of its step is not known" + (known.isEmpty ? "" : " (\(known))")
            + "; the backend is being asked" + left(job, now)
            + since(job.waiting?.since ?? job.updatedAt, now)
    }

    private static func end(of job: Job) -> String {
        let took = job.finishedAt.map { " after \(Span.short($0 - job.createdAt))" } ?? ""
        switch job.state {
        case .completed: return "done" + took
        case .warning:
            return (job.message.isEmpty ? "something needs attention" : job.message) + took
        case .aborted:
            let who = job.stop.map { stop in
                "\(stop.by) asked for \(stop.level.rawValue)"
                    + (stop.reason.isEmpty ? "" : ", “\(stop.reason)”")
            }
            if who == nil, job.cause == .dependencyFailed, !job.message.isEmpty {
                return job.message + took
            }
            return (who ?? reason(job)) + "; " + undo(job) + took
        default:
            let text = job.message.isEmpty ? reason(job) : job.message
            return text + "; " + undo(job) + took
        }
    }

    private static func undo(_ job: Job) -> String {
        switch job.rollback {
        case .notNeeded: "there was nothing to undo"
        case .none: "nothing was undone"
        case .clean: "everything was undone"
        case .dirty: "not everything could be undone"
        case .skipped where job.cause == .engineDied: "what was done stays"
        case .skipped: "an operator left the undo out"
        }
    }

    private static func reason(_ job: Job) -> String {
        switch job.cause {
        case .none: "it left its good path"
        case .error: "a step failed"
        case .timeout: "a limit ran out"
        case .stoppedByUser: "a person asked for the stop"
        case .stoppedByParent: "its parent was stopped"
        case .childFailed: "a child failed"
        case .dependencyFailed: "a job it waited for did not complete"
        case .validation: "the request made no sense"
        case .engineDied: "the engine that ran it died"
        case .backendLost: "the backend lost the step"
        case .abandoned: "an operator abandoned it"
        case .locked: "a lock was held and it was not to wait"
        }
    }

    /// The text without the colon or the space that an empty end leaves behind.
    private static func trimmed(_ text: String) -> String {
        var text = text
        while text.hasSuffix(" ") || text.hasSuffix(":") { text.removeLast() }
        return text
    }
}
