package import Model
package import Store

/// Writing a job into a store whose engine lives elsewhere, or is not alive now.
///
/// The job is durable and has its number when the transaction ends; the engine makes its plan when
/// it takes the request up.
package enum OutsideSubmission {
    /// Writes one job with its dependencies and the request to plan it.
    ///
    /// - Returns: the job made, or the one that was made with the same key before; refused if there
    ///   can be no such job.
    package static func insert(
        _ asked: Submission,
        into tx: any StoreTransaction,
        chance: inout SeededChance,
        at now: Timestamp,
        rules: EngineRules = EngineRules()
    ) throws -> RequestOutcome {
        let (submission, secrets) = Sealing.seal(asked, Set(asked.secretNames ?? []))
        if let refusal = SubmissionCheck.refusal(of: submission)
            ?? PlanCheck.problem(of: submission)
        {
            return .refused(refusal)
        }
        if let known = try keyed(submission, secrets, tx) { return known }
        if let missing = try missingPrerequisite(submission.after, tx) { return .refused(missing) }
        if secrets.isEmpty, let twin = try Joining.twin(of: submission, in: tx) {
            return try Joining.join(submission, to: twin, in: tx, rules: rules, at: now)
        }
        if let refusal = try refusalOfNewJobs(submission, tx, rules, at: now) {
            return .refused(refusal)
        }
        let id = JobID(try tx.take(1, from: .job))
        var stored = StoredJob(
            accepting: submission,
            id: id,
            uuid: chance.uuid(at: now),
            parent: nil,
            signature: submission.coalesces == true ? Joining.signature(of: submission) : nil,
            at: now
        )
        // Counted anew when the engine takes it up.
        stored.prerequisites = submission.after.count
        if !secrets.isEmpty { try tx.keep(secrets, of: stored.job.uuid) }
        try tx.insert([stored], ofStep: nil)
        if !submission.after.isEmpty {
            try tx.insertDependencies(of: id, on: submission.after)
        }
        try tx.append([
            JournalEntry(
                job: id,
                at: now,
                from: nil,
                to: .pending,
                actor: submission.user,
                cause: "accepted"
            )
        ])
        if let signature = stored.extra.signature {
            try tx.insertJoinable([(signature, id)])
        }
        let limits = TimeLimit.all(stored.extra.limits, of: stored.job, steps: [])
        if let first = limits.compactMap(\.endsAt).min() { try tx.setLimit(first, of: id) }
        try tx.insertSubmitted(id, at: now)
        return .accepted(id)
    }

    /// Writes many jobs in the caller's one transaction; each may come after jobs made before it.
    ///
    /// - Returns: an outcome for each, in order; the last is a refusal if one was refused, and what
    ///   follows it was not looked at.
    package static func insert(
        _ count: Int,
        into tx: any StoreTransaction,
        chance: inout SeededChance,
        at now: Timestamp,
        rules: EngineRules = EngineRules(),
        _ submission: (Int, [RequestOutcome]) throws -> Submission
    ) throws -> [RequestOutcome] {
        var outcomes: [RequestOutcome] = []
        for place in 0..<count {
            let next = try submission(place, outcomes)
            let outcome = try insert(next, into: tx, chance: &chance, at: now, rules: rules)
            outcomes.append(outcome)
            if case .refused = outcome { break }
        }
        return outcomes
    }

    private static func refusalOfNewJobs(
        _ submission: Submission,
        _ tx: any StoreTransaction,
        _ rules: EngineRules,
        at now: Timestamp
    ) throws -> String? {
        if let drain = try tx.drain(), drain.counts(at: now) { return Turn.drained(drain) }
        let account = submission.account
        if rules.accounts.unfinished(of: account) != nil,
            let full = rules.accounts.fullness(of: account, open: try tx.openRoots(of: account))
        {
            return full
        }
        return rules.openJobs < .max ? rules.fullness(open: try tx.openRoots()) : nil
    }

    private static func keyed(
        _ submission: Submission,
        _ secrets: [String: String],
        _ tx: any StoreTransaction
    ) throws -> RequestOutcome? {
        guard let key = submission.key, let id = try tx.job(withKey: key),
            let known = try tx.jobs([id]).first
        else { return nil }
        let after = try tx.prerequisites(of: id)
        let theirs = try secrets.isEmpty ? [:] : tx.secrets(of: known.job.uuid)
        return KeyedOrder.outcome(
            of: submission,
            key: key,
            known: known,
            after: after,
            secrets: (theirs, secrets)
        )
    }

    private static func missingPrerequisite(
        _ ids: [JobID],
        _ tx: any StoreTransaction
    ) throws -> String? {
        guard !ids.isEmpty else { return nil }
        let known = Set(try tx.jobs(ids).map(\.job.id))
        guard let stranger = ids.first(where: { !known.contains($0) }) else { return nil }
        return SubmissionCheck.missing(stranger, newest: try tx.newestJob())
    }
}

extension StoredJob {
    /// The row of a job as it is accepted, by whichever process.
    init(
        accepting submission: Submission,
        id: JobID,
        uuid: String,
        parent: Job?,
        signature: Int64? = nil,
        at now: Timestamp
    ) {
        var job = Job(
            id: id,
            uuid: uuid,
            parentID: parent?.id,
            rootID: parent?.rootID,
            kind: submission.kind,
            target: submission.target,
            user: submission.user,
            account: submission.account,
            createdAt: now
        )
        job.priority = submission.priority
        job.dueAt = submission.dueAt
        job.retryOf = submission.retryOf
        job.schedule = submission.schedule
        self.init(job: job)
        var extra = JobExtra()
        extra.parameters = submission.parameters
        extra.key = submission.key
        extra.rollbackPolicy = submission.rollbackPolicy
        extra.afterFailure = submission.afterFailure ?? .fail
        extra.signature = signature
        if submission.needsApproval == true { extra.approval = Approval(source: Approval.asked) }
        if let limits = submission.limits { extra.limits.asked = limits }
        self.extra = extra
        if let policy = submission.lockPolicy { lockPolicy = policy }
    }
}
