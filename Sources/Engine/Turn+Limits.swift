import Model
import Store

/// Limits of time that somebody set for a job: noticed when they run out, also after a crash.
extension Turn {
    /// Looks at the jobs of which a limit has run out.
    func expireLimits() throws {
        guard let first = memory.nextLimit, first <= now else { return }
        asksForLimits = true
        let ids = try tx.limitsDue(at: now, limit: Self.wakeLimit)
        try load(ids)
        for id in ids {
            guard let entry = entries[id] else {
                try tx.setLimit(nil, of: id)
                continue
            }
            entry.isDirty = true
            // The row that brought it here may be all that is left of a limit.
            entry.hasLimits = true
            inHand = .job(id)
            try expire(entry)
        }
    }

    /// Ends a job that waited for its plan, or to be seen at all, for longer than its limits allow;
    /// returns whether it did.
    func expireNewLimits(of entry: Entry) throws -> Bool {
        guard entry.hasNewLimits else { return false }
        try expire(entry)
        return entry.state.isTerminal
    }

    private func limits(of entry: Entry) -> [TimeLimit] {
        TimeLimit.all(
            entry.stored.extra.limits,
            of: entry.job,
            steps: entry.steps,
            lead: wall - now
        )
    }

    private func expire(_ entry: Entry) throws {
        let over = limits(of: entry).compactMap { limit in limit.endsAt.map { ($0, limit) } }
            .filter { $0.0 <= now }.min { $0.0 < $1.0 }
        guard let (_, limit) = over, entry.damage == nil else { return }
        let failure = Failure.limitOver(limit)
        switch entry.state {
        case .completed, .warning, .failed, .aborted: return
        case .pending, .queued:
            guard entry.job.startedAt == nil else { fallthrough }
            leaveLane(entry)
            try refuse(entry, failure, cause: .timeout)
        case .running, .childQueued, .childRunning, .finishing, .lost:
            try stopByEngine(entry, .rollBack, failure, cause: .timeout)
        case .rollingBack where entry.stored.resumeAt != nil:
            try stopByEngine(entry, .rollBack, failure, cause: .timeout)
        case .cancelling, .rollingBack, .needsOperator:
            log(entry, .warning, "\(failure.text); it is being ended already")
        }
    }

    /// Writes down when the next limit of a job runs out; jobs without limits cost nothing.
    func flushLimit(of entry: Entry) throws {
        // One that ran out before it was known has to be noticed too, and once.
        let isNew = entry.hasNewLimits
        entry.hasNewLimits = false
        let next = limits(of: entry).compactMap(\.endsAt).filter { isNew || $0 > now }.min()
        try tx.setLimit(next, of: entry.id)
        if let next { memory.nextLimit = min(memory.nextLimit ?? next, next) }
    }
}

extension Failure {
    /// A limit of time ran out.
    static func limitOver(_ limit: TimeLimit) -> Failure {
        let what =
            switch limit.name {
            case .queue: "it did not begin within"
            case .start: "it held its locks and did not begin within"
            case .step: "step \((limit.step ?? 0) + 1) did not end within"
            case .total: "it did not end within"
            }
        return Failure(
            ResultCode(domain: "signalbox", number: 408, name: "TIME_LIMIT"),
            "\(what) \(Span.short(limit.milliseconds)), a limit \(limit.origin.text)"
        )
    }
}
