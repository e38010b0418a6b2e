import Model
import Store

/// How urgent jobs are, and what an operator changes about it.
extension Turn {
    /// Changes the priority of a job, and of all below it that have not ended.
    ///
    /// It counts from the next slot on that one of them waits for; locks are passed on in the order
    /// in which they were asked for, whatever the priorities are.
    func prioritize(_ entry: Entry, _ priority: Int) throws -> RequestOutcome {
        if let refusal = Priority.refusal(priority) { return .refused(refusal) }
        switch entry.state {
        case .completed, .warning, .failed, .aborted:
            return .refused("\(entry.id) has ended (\(entry.state.word)); nothing waits any more")
        case .finishing, .cancelling, .rollingBack, .needsOperator:
            return .refused(
                "\(entry.id) is \(entry.state.word): it waits for no slot any more, so its "
                    + "priority changes nothing"
            )
        case .pending, .queued, .running, .childQueued, .childRunning, .lost: break
        }
        var open = [entry]
        while let next = open.popLast() {
            setPriority(of: next, priority)
            if next.job.childCount > 0 { open += try unfinishedChildren(of: next) }
        }
        return .accepted(entry.id)
    }

    /// Changes how urgent a job is; what waits for a slot in its lane is looked at anew.
    func setPriority(of entry: Entry, _ priority: Int) {
        guard entry.job.priority != priority else { return }
        log(entry, .info, "priority \(entry.job.priority) is now \(priority)")
        if let rank = entry.stored.rank {
            entry.stored.rank = rules.rank(rank, from: entry.job.priority, to: priority)
        }
        entry.job.priority = priority
        entry.isDirty = true
        guard entry.isEnqueued else { return }
        schedule(lane: entry.job.lane)
        offerLimits(ofQueue: entry.stored.queue, lane: entry.job.lane)
    }
}
