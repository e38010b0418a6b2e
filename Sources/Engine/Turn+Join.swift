import Model
import Store

/// Equal orders that share one job.
extension Turn {
    /// Has an order share the job of an equal one that has not begun; nil if it needs its own.
    func join(_ submission: Submission) throws -> RequestOutcome? {
        guard let signature = signature(of: submission) else { return nil }
        var ids = try tx.joinable(signature)
        ids += order.filter { $0.before == nil && $0.stored.extra.signature == signature }
            .map(\.id)
        guard !ids.isEmpty else { return nil }
        try load(ids)
        for twin in ids.compactMap({ entries[$0] })
        where Joining.isOpen(twin.stored) && Joining.isEqual(submission, twin.stored) {
            guard try isLast(twin) else { continue }
            let line = Joining.line(submission, twin.job, at: now)
            journal.append(line)
            log(twin, .info, line.cause)
            if submission.priority > twin.job.priority {
                setPriority(of: twin, submission.priority)
            }
            return .joined(twin.id)
        }
        return nil
    }

    /// By what equal orders will find the job of this one; nil if none may join it.
    func signature(of submission: Submission) -> Int64? {
        guard submission.coalesces ?? kinds[submission.kind]?.coalesces ?? false else { return nil }
        return Joining.signature(of: submission)
    }

    /// Whether nothing stands behind a job that its order could matter to.
    private func isLast(_ twin: Entry) throws -> Bool {
        let keys = try ticketKeys(of: twin)
        try loadQueues(keys)
        for key in keys {
            let queue = locks.queues[key, default: []]
            guard let own = queue.first(where: { $0.job == twin.id }) else { continue }
            let isFollowed = queue.contains {
                $0.number > own.number && !$0.mode.isCompatible(with: own.mode)
            }
            if isFollowed { return false }
        }
        // What was submitted in this turn has not drawn its tickets yet.
        return !order.contains { other in
            guard other.id > twin.id, other.before == nil,
                other.job.parentID == nil, !other.state.isTerminal
            else { return false }
            let target = other.job.target
            return target == twin.job.target || target.type != twin.job.target.type
        }
    }

    /// Keeps the list of jobs that can be joined in step with a job that is being written down.
    func followJoinable(_ entry: Entry) {
        guard let signature = entry.stored.extra.signature else { return }
        if Joining.isOpen(entry.stored) {
            if entry.before == nil { joinable.append((signature, entry.id)) }
        } else {
            entry.stored.extra.signature = nil
            if entry.before != nil { unjoinable.append((signature, entry.id)) }
        }
    }
}
