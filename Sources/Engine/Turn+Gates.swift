import Model
import Store

/// The gates of a pending job: its time, its prerequisites, its plan, its locks.
extension Turn {
    /// Sees whether a pending job can go on: its time, its prerequisites, its plan, its locks.
    func open(_ entry: Entry) throws {
        if entry.job.stop != nil { return try stopBeforeStart(entry) }
        if try expireNewLimits(of: entry) { return }
        if awaitsApproval(entry) { return }
        if entry.stored.prerequisites > 0 {
            return try waitForPrerequisites(entry)
        }
        if let due = entry.job.dueAt, due > wall {
            wait(entry, .time, on: due.description)
            // The clock is set anew if the wall's is.
            wake(entry, at: now + (due - wall))
            return
        }
        noteDue(entry, lead: wall - now)
        if try ticketKeys(of: entry).isEmpty {
            guard try replanIfNeeded(entry) else { return }
            guard try drawTickets(entry) else { return }
        }
        try queueIfGranted(entry)
    }

    /// Plans a job whose plan is missing or was made in an earlier turn.
    ///
    /// - Returns: whether there is a plan; if not, the job has failed.
    private func replanIfNeeded(_ entry: Entry) throws -> Bool {
        guard entry.requestedLocks == nil else { return true }
        do {
            install(try plan(for: entry), in: entry)
        } catch {
            try refuse(entry, error)
            return false
        }
        return try !expireNewLimits(of: entry)
    }

    /// Moves a pending job on if it holds all of its locks, else says what it waits for.
    func queueIfGranted(_ entry: Entry) throws {
        let keys = try ticketKeys(of: entry)
        if let obstacle = locks.obstacle(of: entry.id, keys: keys) {
            try waitForLock(entry, obstacle)
            return
        }
        // The world may have changed while it waited: plan anew, under the locks it has.
        if entry.requestedLocks == nil {
            guard try replanIfNeeded(entry) else { return }
            guard try holdsEnough(entry) else { return try drawAnew(entry) }
        }
        wake(entry, at: nil)
        try move(entry, to: .queued, "its locks are granted")
        try route(entry)
    }

    /// Whether the tickets a job holds cover what its newest plan asks for.
    private func holdsEnough(_ entry: Entry) throws -> Bool {
        let keys = try ticketKeys(of: entry)
        return (entry.requestedLocks ?? []).allSatisfy { request in
            keys.contains { key in
                key.resource == request.resource
                    && locks.queues[key, default: []].contains {
                        $0.job == entry.id && $0.mode.covers(request.mode)
                    }
            }
        }
    }

    /// Gives all tickets back and draws those of the newest plan, at the end of their queues.
    ///
    /// To keep the old ones while waiting for new ones could end in two jobs that wait for each
    /// other. Bounded, because a world that changes all the time would keep a job from beginning.
    private func drawAnew(_ entry: Entry) throws {
        entry.stored.probes += 1
        guard entry.stored.probes <= Self.redrawLimit else {
            let text = "needs changed \(Self.redrawLimit) times while it waited; submit it again"
            return try refuse(entry, .locked(text), cause: .locked)
        }
        try releaseLocks(of: entry)
        guard try drawTickets(entry) else { return }
        try queueIfGranted(entry)
    }

    /// How often a waiting job's locks may turn out to be others than those it drew.
    private static let redrawLimit = 5

    /// Applies the job's policy to a lock that is held by another.
    private func waitForLock(_ entry: Entry, _ obstacle: Ticket) throws {
        let holder = try self.entry(obstacle.job)
        let who = "\(obstacle.job)" + (holder.map { " (\($0.job.kind))" } ?? "")
        let what = "\(obstacle.resource), held by \(who)"
        switch entry.stored.lockPolicy {
        case .failFast:
            try refuse(entry, .locked(what), cause: .locked)
        case .waitAtMost(let limit):
            let end = (entry.job.waiting?.since ?? now) + limit
            if entry.job.waiting?.reason == .lock && end <= now {
                try refuse(entry, .locked("\(what); waited \(Span.short(limit))"), cause: .timeout)
            } else {
                keepWaiting(entry, what)
                wake(entry, at: end)
            }
        case .wait: keepWaiting(entry, what)
        }
    }

    /// Renews what is said of a lock wait, but not since when it lasts.
    private func keepWaiting(_ entry: Entry, _ what: String) {
        let since = entry.job.waiting?.reason == .lock ? entry.job.waiting?.since : nil
        let waiting = Waiting(.lock, on: what, since: since ?? now)
        guard entry.job.waiting != waiting else { return }
        entry.job.waiting = waiting
        entry.isDirty = true
    }
}

extension Failure {
    /// A lock is held by somebody else, and the job's policy is not to wait (any longer).
    static func locked(_ what: String) -> Failure {
        Failure(
            ResultCode(domain: "cloudstack", number: 536, name: "RESOURCE_IN_USE_ERROR"),
            "lock \(what)"
        )
    }
}
