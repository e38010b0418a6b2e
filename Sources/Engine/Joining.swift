import Model
import Store

/// When two orders are one job.
///
/// Equal are orders of the same kind, target, parameters, account, lock and rollback policy. Only
/// plain ones take part: without a key, a time, prerequisites, or a job that is tried again,
/// because each of these asks for a job of its own. A job can be joined until it begins, is stopped
/// or ends, and only while nothing that its order could matter to stands behind it: after “start,
/// stop” a second “start” is not the first one.
enum Joining {
    /// By what equal orders are found; nil if this one has a job of its own in any case.
    ///
    /// Different orders may have the same number, so whoever finds one compares.
    static func signature(of submission: Submission) -> Int64? {
        guard submission.key == nil, submission.dueAt == nil, submission.after.isEmpty,
            submission.retryOf == nil, submission.needsApproval != true
        else { return nil }
        var hash = Hash()
        hash.add(submission.kind)
        hash.add(submission.target.type)
        hash.add(submission.target.name)
        hash.add(submission.account)
        switch submission.lockPolicy ?? .wait {
        case .wait: hash.add("wait")
        case .failFast: hash.add("fail")
        case .waitAtMost(let limit): hash.add("\(limit)")
        }
        if let policy = submission.rollbackPolicy { hash.add(policy.rawValue) }
        for (name, value) in submission.parameters.sorted(by: { $0.key < $1.key }) {
            hash.add(name)
            hash.add(value)
        }
        return Int64(bitPattern: hash.value)
    }

    /// Whether a job that an order's signature found does just what the order asks for.
    static func isEqual(_ submission: Submission, _ stored: StoredJob) -> Bool {
        stored.job.kind == submission.kind && stored.job.target == submission.target
            && stored.job.account == submission.account
            && stored.extra.parameters == submission.parameters
            && stored.extra.rollbackPolicy == submission.rollbackPolicy
    }

    /// Whether a job can still be joined, as far as it alone is concerned.
    static func isOpen(_ stored: StoredJob) -> Bool {
        let job = stored.job
        return stored.extra.signature != nil && job.startedAt == nil && job.stop == nil
            && (job.state == .pending || job.state == .queued)
    }

    /// The journal's line for who joined a job.
    static func line(_ submission: Submission, _ job: Job, at now: Timestamp) -> JournalEntry {
        JournalEntry(
            job: job.id,
            at: now,
            from: job.state,
            to: job.state,
            actor: submission.user,
            cause: "joined: \(submission.user) submitted the same order"
        )
    }

    /// FNV-1a, in 64 bits: the same on every machine and in every run.
    private struct Hash {
        private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ text: String) {
            for byte in text.utf8 { add(byte) }
            // No text holds this byte, so two texts are never taken for one.
            add(0xff)
        }

        private mutating func add(_ byte: UInt8) {
            value = (value ^ UInt64(byte)) &* 0x100_0000_01b3
        }
    }
}

// MARK: - From another process

extension Joining {
    /// The job that an order joins, as the store has it; nil if it has a job of its own.
    ///
    /// Here nobody knows the kinds, so an order joins only if it says so.
    static func twin(
        of submission: Submission,
        in tx: any StoreTransaction
    ) throws -> StoredJob? {
        guard submission.coalesces == true, let signature = signature(of: submission) else {
            return nil
        }
        for stored in try tx.jobs(try tx.joinable(signature))
        where isOpen(stored) && isEqual(submission, stored) {
            if try isLast(stored.job, in: tx) { return stored }
        }
        return nil
    }

    private static func isLast(_ job: Job, in tx: any StoreTransaction) throws -> Bool {
        if try tx.hasUnplanned(after: job.id, near: job.target) { return false }
        let own = try tx.tickets(of: [job.id])
        let keys = own.map { TicketKey(resource: $0.resource, scope: $0.scope) }
        let others = try tx.tickets(for: keys)
        return own.allSatisfy { ticket in
            !others.contains {
                $0.number > ticket.number && $0.resource == ticket.resource
                    && !$0.mode.isCompatible(with: ticket.mode)
            }
        }
    }

    /// Writes down that an order joined a job.
    static func join(
        _ submission: Submission,
        to twin: StoredJob,
        in tx: any StoreTransaction,
        rules: EngineRules,
        at now: Timestamp
    ) throws -> RequestOutcome {
        let line = line(submission, twin.job, at: now)
        try tx.append([line])
        try tx.append([LogLine(job: twin.job.id, at: now, level: .info, text: line.cause)])
        if submission.priority > twin.job.priority {
            var raised = twin
            raised.job.priority = submission.priority
            raised.rank = twin.rank.map {
                rules.rank($0, from: twin.job.priority, to: submission.priority)
            }
            try tx.update([(JobStamp(twin.job), raised)])
        }
        return .joined(twin.job.id)
    }
}
