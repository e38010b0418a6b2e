import Model
import Store

/// Taking a lock away from the job that holds it.
///
/// A job never runs on without its locks: whoever loses one ends by it. One that has not begun
/// is stopped with nothing done; one that has is abandoned, and what it left at the backend stays
/// on record. Its tickets go in the transaction of its end, so that an exclusive lock never has two
/// holders.
extension Turn {
    /// Applies a request about a lock.
    func apply(_ request: OperatorRequest, toLock resource: String) throws -> RequestOutcome {
        guard case .release(let job, let isForced) = request.action else {
            return Self.misdirected(request)
        }
        guard !request.reason.allSatisfy(\.isWhitespace) else {
            return .refused("releasing a lock needs a reason; it stands in the audit")
        }
        let key: TicketKey
        let holder: JobID
        switch try findHolder(of: resource, job) {
        case .success(let found): (key, holder) = found
        case .failure(let refusal): return refusal.outcome
        }
        guard let entry = try entry(holder), !entry.state.isTerminal else {
            return try releaseOrphan(holder, key)
        }
        if !isForced, let name = try operationAtWork(of: entry) {
            return .refused(
                "operation \(name) of \(name.job) may be at work at the backend; "
                    + "abort \(holder) undoes its work and frees the lock, --force abandons it"
            )
        }
        return try end(entry, key, by: request.by, reason: request.reason)
    }

    private struct Refusal: Error { let outcome: RequestOutcome }

    /// Who holds a lock: the job that was named, or else the only one.
    private func findHolder(
        of resource: String,
        _ job: JobID?
    ) throws -> Result<(TicketKey, JobID), Refusal> {
        func refuse(_ text: String) -> Result<(TicketKey, JobID), Refusal> {
            .failure(Refusal(outcome: .refused(text)))
        }
        if let job {
            guard let entry = try entry(job) else {
                return .failure(Refusal(outcome: .notFound("there is no \(job)")))
            }
            let keys = try ticketKeys(of: entry)
            try loadQueues(keys)
            guard let key = keys.first(where: { $0.resource == resource }) else {
                return refuse("\(job) (\(entry.state.word)) neither holds \(resource) nor waits")
            }
            let isHeld = locks.queues[key, default: []].contains {
                $0.job == job && $0.isGranted
            }
            guard isHeld else {
                return refuse("\(job) waits for \(resource) and does not hold it; cancel it")
            }
            return .success((key, job))
        }
        let key = TicketKey(resource: resource, scope: 0)
        try loadQueues([key])
        let holders = locks.queues[key, default: []].filter(\.isGranted).map(\.job)
        guard let first = holders.first else {
            return .failure(Refusal(outcome: .notFound("nobody holds a lock on \(resource)")))
        }
        guard holders.count == 1 else {
            let names = holders.prefix(10).map(\.description).joined(separator: ", ")
            return refuse("\(resource) is shared by \(holders.count) jobs: name one (\(names))")
        }
        return .success((key, first))
    }

    /// The operation that the backend may be at work on, of a job or of one below it.
    private func operationAtWork(of entry: Entry) throws -> OperationName? {
        if let name = entry.flightName { return name }
        for child in try unfinishedChildren(of: entry) {
            if let name = try operationAtWork(of: child) { return name }
        }
        return nil
    }

    private func end(
        _ entry: Entry,
        _ key: TicketKey,
        by user: String,
        reason: String
    ) throws -> RequestOutcome {
        let before = entry.state
        let hasBegun = entry.job.startedAt != nil || (before != .pending && before != .queued)
        let why = "lock \(key.resource) was released: \(reason)"
        note(entry, from: before, to: before, why, by: user)
        log(entry, .warning, "\(user): \(why)")
        let outcome = try stop(entry, hasBegun ? .abandon : .cancel, by: user, reason: why)
        guard entry.state.isTerminal else {
            guard case .accepted = outcome else { return outcome }
            return .refused("\(entry.id) is \(entry.state.word) and keeps the lock until its end")
        }
        let what = hasBegun ? "abandoned" : "stopped before it began"
        let left = entry.unsettled.map { "; operation \($0) stays on record" } ?? ""
        return .done(
            "\(entry.id) is \(what)\(left); \(key.resource) is \(standing(ofQueue: key))"
        )
    }

    /// Removes the tickets of a job that has ended or is gone, which should have none.
    private func releaseOrphan(_ job: JobID, _ key: TicketKey) throws -> RequestOutcome {
        let keys = try tx.tickets(of: [job]).map {
            TicketKey(resource: $0.resource, scope: $0.scope)
        }
        try loadQueues(keys)
        for id in locks.release(job, keys: keys, at: now) {
            if let other = try entry(id) { schedule(other) }
        }
        return .done("\(job) had ended; \(key.resource) is \(standing(ofQueue: key))")
    }

    // MARK: For the audit

    /// Who holds a lock and who waits for it, in a few words.
    func standing(ofLock resource: String) throws -> String {
        let key = TicketKey(resource: resource, scope: 0)
        try loadQueues([key])
        return standing(ofQueue: key)
    }

    private func standing(ofQueue key: TicketKey) -> String {
        let queue = locks.queues[key, default: []]
        guard let first = queue.first else { return "free" }
        let holders = queue.filter(\.isGranted)
        let waiters = queue.filter { !$0.isGranted }
        let held = "held (\(first.mode.rawValue)) by " + Self.names(holders.map(\.job))
        return waiters.isEmpty ? held : held + "; " + Self.names(waiters.map(\.job)) + " wait"
    }

    private static func names(_ jobs: [JobID]) -> String {
        let more = jobs.count > 5 ? " and \(jobs.count - 5) more" : ""
        return jobs.prefix(5).map(\.description).joined(separator: ", ") + more
    }
}
